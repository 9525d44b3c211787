package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** The process of a {@link StorageSide}. */
final class StorageSideProcess {

    private StorageSideProcess() {}

    /** Takes the word {@code ours} or {@code plugin}, a directory, and where the bucket is. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[1]);
        List<String> where = List.of(args).subList(2, args.length);
        if (args[0].equals("ours")) {
            try (ManagedFiles files = ManagedFiles.open(where, directory)) {
                CrowdedBucket bucket = new CrowdedBucket(files);
                serve(files, directory, where.get(1), bucket::answer);
            }
        } else {
            serve(PluginFiles.open(where), directory, where.get(1), (verb, words) -> {
                throw new IllegalArgumentException(verb);
            });
        }
    }

    private static void serve(S3Files files, Path directory, String bucket, Child.Service further) throws Exception {
        try (StateKeeper keeper = new StateKeeper(files.keys(), directory, "s3://" + bucket)) {
            Child.serve((verb, words) -> switch (verb) {
                case "fill" -> keeper.fill(words.get(0), Integer.parseInt(words.get(1)));
                case "checkpoint" -> keeper.checkpoint();
                case "cancel" -> keeper.cancel();
                case "restore" -> keeper.restore();
                case "verify" -> keeper.verify();
                default -> further.answer(verb, words);
            });
        }
    }
}
