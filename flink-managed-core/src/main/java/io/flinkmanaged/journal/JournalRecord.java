package io.flinkmanaged.journal;

/**
 * One small record of the journal as it was read.
 *
 * @param key its name: segments of {@code a-z 0-9 . _ -} separated by {@code /}
 * @param version counts its writes from 1; never 0
 * @param text its content
 */
public record JournalRecord(String key, long version, String text) {}
