package io.flinkmanaged.benchmarks;

/**
 * One output of {@link CheckedCount}.
 *
 * @param openedAt when the task was started that wrote it, in milliseconds since 1970
 * @param writtenAt when it was written
 * @param number which number
 * @param count how many were counted by then
 * @param node the node that the task runs on: {@code node-2}
 */
record CountedLine(long openedAt, long writtenAt, long number, long count, String node) {

    static CountedLine parse(String line) {
        String[] words = line.split(" ", -1);
        return new CountedLine(
                Long.parseLong(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                words[4]);
    }

    boolean isExact() {
        return count == number + 1;
    }

    int nodeNumber() {
        return Integer.parseInt(node.substring("node-".length()));
    }
}
