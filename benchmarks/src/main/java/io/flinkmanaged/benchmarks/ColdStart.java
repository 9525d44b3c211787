package io.flinkmanaged.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From {@code main} to the first job with every task RUNNING, each time in a JVM of its own. */
final class ColdStart implements Measurement {

    @Override
    public String name() {
        return "startup";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        Contender ours = new Contender(ManagedSide.LABEL, () -> secondsIn("ours", directory));
        Contender bare = new Contender(BareSide.LABEL, () -> secondsIn("bare", directory));
        List<Samples> samples = Interleaved.measure(name(), rounds.startup(), List.of(ours, bare));
        return List.of(Row.time(
                "cold start: main → first job RUNNING", samples.get(0), bare, samples.get(1), Bound.atMost(1.05)));
    }

    private static double secondsIn(String side, Path directory) throws Exception {
        Path output = Files.createTempFile(directory, side, ".out");
        Process process = new ProcessBuilder(command(side, Files.createTempDirectory(directory, side)))
                .redirectOutput(output.toFile())
                .redirectError(Redirect.INHERIT)
                .start();
        try {
            if (!process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("cold start: no end after " + Patience.LIMIT);
            }
        } finally {
            process.destroyForcibly();
        }
        return answerIn(output);
    }

    /** The same JVM, flags and class path as this process has. */
    private static List<String> command(String side, Path state) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ColdStartProcess.class.getName(), side, state.toString()));
        return command;
    }

    private static double answerIn(Path output) throws IOException {
        String text = Files.readString(output, StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.startsWith(ColdStartProcess.ANSWER))
                .mapToDouble(line -> Double.parseDouble(line.substring(ColdStartProcess.ANSWER.length())))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("cold start: no answer in \"" + text + "\""));
    }
}
