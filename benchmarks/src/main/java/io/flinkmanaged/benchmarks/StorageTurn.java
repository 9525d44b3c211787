package io.flinkmanaged.benchmarks;

/**
 * What one checkpoint and the restore from it took.
 *
 * @param checkpointSeconds from the trigger to its completion
 * @param checkpoint its requests
 * @param restoreSeconds from the submission to all tasks running
 * @param restore its requests
 */
record StorageTurn(double checkpointSeconds, Requests checkpoint, double restoreSeconds, Requests restore) {

    /** Takes a turn; the bucket is empty after it. */
    static StorageTurn of(S3Server server, StorageSide side, String backend, int values) throws Exception {
        String unusedFull = side.ask("fill " + backend + " " + values);
        Requests unusedBefore = server.takeRequests();
        double checkpointSeconds = Double.parseDouble(side.ask("checkpoint"));
        Requests checkpoint = server.takeRequests();
        String unusedCancelled = side.ask("cancel");
        Requests unusedBetween = server.takeRequests();
        double restoreSeconds = Double.parseDouble(side.ask("restore"));
        Requests restore = server.takeRequests();
        String unusedVerified = side.ask("verify");
        server.empty();
        return new StorageTurn(checkpointSeconds, checkpoint, restoreSeconds, restore);
    }
}
