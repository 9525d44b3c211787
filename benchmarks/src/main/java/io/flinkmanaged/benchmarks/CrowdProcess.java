package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The process of a {@link Crowd}. */
final class CrowdProcess {

    private CrowdProcess() {}

    /** Takes a directory. */
    public static void main(String[] args) throws Exception {
        try (Crowd crowd = new Crowd(Path.of(args[0]))) {
            Child.serve((verb, words) -> answer(crowd, verb, words));
        }
    }

    private static Object answer(Crowd crowd, String verb, List<String> words) throws Exception {
        return switch (verb) {
            case "launch" -> {
                crowd.launch(Integer.parseInt(words.get(0)), words.get(1).equals("real"));
                yield "launched";
            }
            case "lag" -> crowd.lagSeconds(Integer.parseInt(words.get(0)));
            case "looks" -> crowd.looks();
            case "actions" -> crowd.actions();
            case "threads" -> crowd.threads();
            case "heap" -> crowd.heap();
            case "silence" -> {
                crowd.silence(Integer.parseInt(words.get(0)), Duration.ofSeconds(Long.parseLong(words.get(1))));
                yield "silent";
            }
            case "lose" ->
                crowd.loseTaskManagers(Integer.parseInt(words.get(0))).stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(" "));
            case "close" -> {
                crowd.close();
                yield "closed";
            }
            default -> throw new IllegalArgumentException(verb);
        };
    }
}
