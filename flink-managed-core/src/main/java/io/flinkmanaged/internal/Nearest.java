package io.flinkmanaged.internal;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** What a person most likely meant by a word that does not exist. */
public final class Nearest {

    private Nearest() {}

    /**
     * Returns the known word that is nearest to another.
     *
     * @param word what was written
     * @param known the words that there are
     * @return the nearest one, if no more than a quarter of the letters differ, or two
     */
    public static Optional<String> to(String word, Collection<String> known) {
        int atMost = Math.max(2, word.length() / 4);
        return known.stream()
                .filter(one -> Math.abs(one.length() - word.length()) <= atMost)
                .map(one -> Map.entry(one, editDistance(one, word)))
                .filter(candidate -> candidate.getValue() <= atMost)
                .min(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
    }

    /** Levenshtein's distance, one row at a time. */
    private static int editDistance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
