package io.flinkmanaged.internal;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Random inputs that can be had again: a failure names its seed, and {@code -Dseed=…} repeats that one. */
public final class Seeded {

    /** Characters that have broken a format somewhere. */
    private static final String[] AWKWARD = {
        " ", "  ", "\n", "\r\n", "\t", ":", ": ", " #", "'", "\"", "\\", "%", "%20", "/", "..", ".", "-", "- ", "?",
                "{",
        "]", "&", "*", "!", "|", ">", "@", "`", "~", "=", ",", ";", "$", "ä", "ß", "東京", "🚀", "é", "\u00a0", "\u200b",
        "\u2028", "\ufeff", "\u0085", "\ufffd", "true", "null", "1", "0x1f", "1e3", ".inf", "2026-01-01", "---", "<<"
    };

    private Seeded() {}

    /** Runs a check with many seeds. */
    public static void check(int times, Check check) {
        String wanted = System.getProperty("seed");
        LongStream seeds = wanted == null ? new Random().longs(times) : LongStream.of(Long.parseLong(wanted));
        seeds.forEach(seed -> {
            try {
                check.of(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("Repeat it with -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        });
    }

    /** Returns a text of letters, and of what gives formats trouble; it may be empty. */
    public static String text(Random random) {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, random.nextInt(8))
                .forEach(i -> text.append(
                        random.nextBoolean()
                                ? AWKWARD[random.nextInt(AWKWARD.length)]
                                : Character.toString('a' + random.nextInt(26))));
        return text.toString();
    }

    /** A check of one random input. */
    @FunctionalInterface
    public interface Check {

        /** Takes its input from the random numbers; fails with anything. */
        void of(Random random) throws Exception;
    }
}
