package io.flinkmanaged.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An S3 server in a process of its own, which lets each request wait. */
final class S3Server implements AutoCloseable {

    private final Child process;

    private S3Server(Child process) {
        this.process = process;
    }

    static S3Server start() throws Exception {
        return new S3Server(Child.start("S3", S3ServerProcess.class, "6g", any -> true, Map.of(), List.of()));
    }

    /** Returns endpoint, bucket, region, access key and secret key of a server that holds test data only. */
    List<String> where() throws Exception {
        return List.of(process.ask("where").split(" ", -1));
    }

    /** Returns what was asked since the last call. */
    Requests takeRequests() throws Exception {
        return new Requests(Stream.of(process.ask("requests").split(Pattern.quote("\t"), -1))
                .filter(line -> !line.isEmpty())
                .toList());
    }

    /** Writes objects without a request until there are that many: around a point, and of other jobs. */
    void crowd(String point, int objects) throws Exception {
        String unused = process.ask("crowd " + point + " " + objects);
    }

    /** Deletes everything, without a request. */
    void empty() throws Exception {
        String unused = process.ask("empty");
    }

    @Override
    public void close() {
        process.close();
    }
}
