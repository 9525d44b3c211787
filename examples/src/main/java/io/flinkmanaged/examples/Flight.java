package io.flinkmanaged.examples;

/**
 * What this example needs of one line of the input: where a flight started and how late it was.
 *
 * @param origin the IATA code of the airport
 * @param delayMinutes how many minutes late; negative if early
 */
public record Flight(String origin, int delayMinutes) {

    /** The first line of the input. */
    static final String HEADER = "scheduled_departure,origin,destination,delay_minutes,distance_miles";

    private static final int COLUMNS = 5;
    private static final int ORIGIN = 1;
    private static final int DELAY_MINUTES = 3;

    /**
     * Reads one line of the input.
     *
     * @param line a line other than the header
     * @throws IllegalArgumentException if it has another form
     */
    static Flight parse(String line) {
        String[] columns = line.split(",", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException("line of the input: \"" + line + "\" (expected: " + HEADER + ").");
        }
        return new Flight(columns[ORIGIN], Integer.parseInt(columns[DELAY_MINUTES]));
    }
}
