package io.flinkmanaged.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the example is told on its command line.
 *
 * @param help whether to list the options instead of running
 * @param output the file to write
 * @param duration how long the stream of flights lasts, if nothing is lost
 * @param kill what to kill on the way
 * @param killAtPercent how much of the flights must have passed before
 * @param launcher what the cluster's parts are
 * @param nodes how many nodes it has
 * @param storage what the state lies in
 * @param loseEverything whether, instead, the process that operates the cluster is lost with all it has but the storage
 */
record ExampleOptions(
        boolean help,
        Path output,
        Duration duration,
        Kill kill,
        int killAtPercent,
        Launcher launcher,
        int nodes,
        Storage storage,
        boolean loseEverything) {

    private static final String HELP = "--help";
    private static final String LOSE_EVERYTHING = "--lose-everything";

    /** A job that has finished is not rebuilt. */
    private static final int LAST_PERCENT_TO_LOSE = 90;

    /** What can be killed. */
    enum Kill {
        TASKMANAGER,
        LEADER,
        NODE,
        ALL,
        NOTHING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the cluster's parts can be. */
    enum Launcher {
        IN_PROCESS,
        PROCESSES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What the state can lie in. */
    enum Storage {
        FILE,
        S3,
        GCS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An option with a value. */
    private enum Option {
        OUTPUT("--output", "<file>", "the file to write", "examples/target/flight-delays.csv"),
        DURATION("--duration", "<seconds>", "how long the stream of flights lasts, 1..600", "10"),
        KILL("--kill", oneOf(Kill.values()), "what to kill on the way", Kill.TASKMANAGER.toString()),
        KILL_AT("--kill-at", "<percent>", "how much of the flights has passed by then, 0..100", "50"),
        LAUNCHER(
                "--launcher",
                oneOf(Launcher.values()),
                "where the cluster runs: in this JVM, or as processes of this machine",
                Launcher.IN_PROCESS.toString()),
        NODES("--nodes", "1|3", "how many nodes the cluster has", "1"),
        STORAGE(
                "--storage",
                oneOf(Storage.values()),
                "what the state lies in: a directory, or a bucket of a server of its own",
                Storage.FILE.toString());

        private final String flag;
        private final String argument;
        private final String meaning;
        private final String standard;

        Option(String flag, String argument, String meaning, String standard) {
            this.flag = flag;
            this.argument = argument;
            this.meaning = meaning;
            this.standard = standard;
        }

        String help() {
            return String.format(Locale.ROOT, "  %-10s %-31s %s (%s)%n", flag, argument, meaning, standard);
        }
    }

    /** A command line that means nothing; the message says what to write instead. */
    static final class BadOptionException extends RuntimeException {
        private BadOptionException(String subject, String value, String expected, String remedy) {
            super(subject + ": " + value + " (expected: " + expected + "). " + remedy);
        }
    }

    /**
     * Reads a command line.
     *
     * @param args {@code --option value} or {@code --option=value}, in any order; of two equal ones the last counts
     * @throws BadOptionException if it means nothing
     */
    static ExampleOptions parse(List<String> args) {
        Map<Option, String> given = new EnumMap<>(Option.class);
        boolean help = false;
        boolean loseEverything = false;
        for (int i = 0; i < args.size(); i++) {
            String[] parts = args.get(i).split("=", 2);
            if (parts[0].equals(HELP)) {
                help = true;
                continue;
            }
            if (args.get(i).equals(LOSE_EVERYTHING)) {
                loseEverything = true;
                continue;
            }
            Option option = find(parts[0]);
            boolean valueFollows =
                    parts.length == 1 && i + 1 < args.size() && !args.get(i + 1).startsWith("--");
            if (parts.length == 1 && !valueFollows) {
                throw new BadOptionException(option.flag, "no value", option.argument, "Write a value behind it.");
            }
            given.put(option, valueFollows ? args.get(++i) : parts[1]);
        }
        return of(help, loseEverything, given);
    }

    /** Returns the text that lists the options, each with its default. */
    static String helpText() {
        return Arrays.stream(Option.values())
                .map(Option::help)
                .collect(Collectors.joining(
                        "",
                        String.format(
                                "Counts the flights and delays of each airport while a part of the cluster dies.%n%n"
                                        + "Options, with their defaults:%n"),
                        String.format(
                                "  %-42s instead, kill the process that operates the cluster, delete its journal and%n"
                                        + "  %-42s files, and rebuild the cluster from the state storage alone%n"
                                        + "  %-42s list the options%n",
                                LOSE_EVERYTHING, "", HELP)));
    }

    private static ExampleOptions of(boolean help, boolean loseEverything, Map<Option, String> given) {
        Launcher launcher = word(given, Option.LAUNCHER, Launcher.values());
        if (loseEverything && launcher == Launcher.PROCESSES) {
            throw new BadOptionException(
                    Option.LAUNCHER.flag,
                    launcher + " with " + LOSE_EVERYTHING,
                    Launcher.IN_PROCESS.toString(),
                    "Leave one of both out.");
        }
        return new ExampleOptions(
                help,
                given.containsKey(Option.OUTPUT)
                        ? Path.of(given.get(Option.OUTPUT)).toAbsolutePath().normalize()
                        : TargetDirectory.find().resolve("flight-delays.csv"),
                Duration.ofSeconds(number(given, Option.DURATION, 1, 600)),
                word(given, Option.KILL, Kill.values()),
                number(given, Option.KILL_AT, 0, loseEverything ? LAST_PERCENT_TO_LOSE : 100),
                launcher,
                Integer.parseInt(word(given, Option.NODES, new String[] {"1", "3"})),
                word(given, Option.STORAGE, Storage.values()),
                loseEverything);
    }

    private static Option find(String flag) {
        return Arrays.stream(Option.values())
                .filter(option -> option.flag.equals(flag))
                .findFirst()
                .orElseThrow(() -> new BadOptionException(
                        "option",
                        flag,
                        Arrays.stream(Option.values())
                                        .map(option -> option.flag)
                                        .collect(Collectors.joining(", "))
                                + ", " + LOSE_EVERYTHING,
                        "List them with " + HELP + "."));
    }

    private static int number(Map<Option, String> given, Option option, int least, int most) {
        String text = given.getOrDefault(option, option.standard);
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, like a number out of range.
        }
        throw new BadOptionException(
                option.flag, text, least + ".." + most, "Leave it out for " + option.standard + ".");
    }

    private static <T> T word(Map<Option, String> given, Option option, T[] words) {
        String text = given.getOrDefault(option, option.standard);
        return Arrays.stream(words)
                .filter(word -> word.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new BadOptionException(
                        option.flag, text, oneOf(words), "Leave it out for " + option.standard + "."));
    }

    private static String oneOf(Object[] words) {
        return Arrays.stream(words).map(Object::toString).collect(Collectors.joining("|"));
    }
}
