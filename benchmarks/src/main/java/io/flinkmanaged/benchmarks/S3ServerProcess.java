package io.flinkmanaged.benchmarks;

import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3Fault;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** The process of an {@link S3Server}. */
final class S3ServerProcess {

    private static final Duration DELAY = Duration.ofMillis(10);

    private S3ServerProcess() {}

    /** Takes nothing. */
    public static void main(String[] args) throws Exception {
        try (EmbeddedS3 server = EmbeddedS3.start("state")) {
            server.inject(S3Fault.delay(DELAY));
            Child.serve((verb, words) -> answer(server, verb, words));
        }
    }

    private static String answer(EmbeddedS3 server, String verb, List<String> words) {
        switch (verb) {
            case "where" -> {
                return String.join(
                        " ",
                        server.endpoint().toString(),
                        server.bucket(),
                        server.region(),
                        server.accessKey(),
                        server.secretKey());
            }
            case "requests" -> {
                String requests = server.requests().stream()
                        .map(request -> request.operation() + " " + request.key())
                        .collect(Collectors.joining("\t"));
                server.forgetRequests();
                return requests;
            }
            case "crowd" -> crowd(server, words.get(0), Integer.parseInt(words.get(1)));
            case "empty" -> server.keys("").forEach(server::delete);
            default -> throw new IllegalArgumentException(verb);
        }
        return "done";
    }

    /** A checkpoint that was cut off, older ones, shared files of nobody, a former attempt, other jobs. */
    private static void crowd(EmbeddedS3 server, String point, int objects) {
        String checkpoints = point.substring(0, point.lastIndexOf('/'));
        String job = point.substring(0, point.indexOf("/epoch-"));
        String jobs = job.substring(0, job.lastIndexOf('/'));
        long number = Long.parseLong(point.substring(point.lastIndexOf('-') + 1));
        write(server, 20, i -> checkpoints + "/chk-" + (number + 1) + "/cut-off-" + i);
        write(server, 900, i -> checkpoints + "/chk-0/left-over-" + i);
        write(server, 3000, i -> checkpoints + "/shared/of-nobody-" + i);
        write(server, 3000, i -> job + "/epoch-0-attempt-1/checkpoints/former/chk-" + i / 10 + "/state-" + i % 10);
        int others = objects - server.keys("").size();
        write(server, others, i -> jobs + "/job-" + i / 100 + "/epoch-1-attempt-1/checkpoints/other/state-" + i);
    }

    private static void write(EmbeddedS3 server, int count, IntFunction<String> keyOf) {
        for (int i = 0; i < count; i++) {
            server.write(keyOf.apply(i), new byte[] {1});
        }
    }
}
