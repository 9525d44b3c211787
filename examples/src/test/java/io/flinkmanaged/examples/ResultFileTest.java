package io.flinkmanaged.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {

    private static final DelaySummary BOSTON = new DelaySummary("BOS", 3, -7, 2);
    private static final DelaySummary DENVER = new DelaySummary("DEN", 2, 40, 35);

    @TempDir
    private Path directory;

    @Test
    void gathersWhatTheSinksPublishedInTheOrderOfTheAirports() throws IOException {
        Files.writeString(directory.resolve("part-1"), "DEN,2,40,35\n");
        Files.writeString(directory.resolve("part-0"), "BOS,3,-7,2\n");
        Files.writeString(directory.resolve(".part-2.inprogress"), "BOS,1,-7,2\n");

        assertThat(ResultFile.gather(directory)).containsExactly(BOSTON, DENVER);
    }

    @Test
    void refusesARowOfAnotherForm() throws IOException {
        Files.writeString(directory.resolve("part-0"), "BOS,3\n");

        assertThatThrownBy(() -> ResultFile.gather(directory))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("\"BOS,3\"");
    }

    @Test
    void acceptsAResultThatCountsEachFlightOnce() {
        assertThatCode(() -> ResultFile.check(List.of(BOSTON, DENVER), 5)).doesNotThrowAnyException();
    }

    @Test
    void failsLoudlyIfFlightsAreMissing() {
        assertThatThrownBy(() -> ResultFile.check(List.of(BOSTON, DENVER), 6))
                .isInstanceOf(WrongResultException.class)
                .hasMessage("flights counted: 5 (expected: 6, as many as were read). Some were lost.");
    }

    @Test
    void failsLoudlyIfFlightsAreCountedTwice() {
        assertThatThrownBy(() -> ResultFile.check(List.of(BOSTON, DENVER), 4))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("Some were counted twice.");
    }

    @Test
    void failsLoudlyIfAnAirportComesTwice() {
        assertThatThrownBy(() -> ResultFile.check(List.of(BOSTON, BOSTON), 6))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("airport BOS: two rows");
    }

    @Test
    void writesTheHeaderAndARowForEachAirport() throws IOException {
        Path file = directory.resolve("deep").resolve("delays.csv");
        ResultFile.remove(file);

        ResultFile.write(List.of(BOSTON, DENVER), file);

        assertThat(file).hasContent("origin,flights,total_delay_minutes,max_delay_minutes\nBOS,3,-7,2\nDEN,2,40,35\n");
        assertThat(file.getParent()).isDirectoryContaining(file::equals);
    }
}
