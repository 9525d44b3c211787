package io.flinkmanaged.examples;

/**
 * The delays of one airport's departing flights: the state of the job, and a row of its result.
 *
 * @param origin the IATA code of the airport
 * @param flights how many flights
 * @param totalDelayMinutes the sum of their delays; an early flight makes it smaller
 * @param maxDelayMinutes the longest delay
 */
public record DelaySummary(String origin, long flights, long totalDelayMinutes, int maxDelayMinutes) {

    /** The first line of the result. */
    static final String HEADER = "origin,flights,total_delay_minutes,max_delay_minutes";

    private static final int COLUMNS = 4;

    /** Returns the summary of one flight. */
    static DelaySummary of(Flight flight) {
        return new DelaySummary(flight.origin(), 1, flight.delayMinutes(), flight.delayMinutes());
    }

    /** Returns the summary of this one's flights and the other's, of the same airport. */
    DelaySummary plus(DelaySummary other) {
        return new DelaySummary(
                origin,
                flights + other.flights,
                totalDelayMinutes + other.totalDelayMinutes,
                Math.max(maxDelayMinutes, other.maxDelayMinutes));
    }

    /** Returns this summary as a row of the result. */
    String toRow() {
        return origin + "," + flights + "," + totalDelayMinutes + "," + maxDelayMinutes;
    }

    /** Reads a row of the result. */
    static DelaySummary parse(String row) {
        String[] columns = row.split(",", -1);
        if (columns.length != COLUMNS) {
            throw new WrongResultException("row of the result: \"" + row + "\" (expected: " + HEADER
                    + "). The job did not write it as it should: look into its log.");
        }
        return new DelaySummary(
                columns[0], Long.parseLong(columns[1]), Long.parseLong(columns[2]), Integer.parseInt(columns[3]));
    }
}
