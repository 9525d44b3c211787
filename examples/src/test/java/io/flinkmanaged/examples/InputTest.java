package io.flinkmanaged.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputTest {

    @Test
    void theInputHasTwentyThousandFlightsFromTwoHundredAndTwentyAirports() throws IOException {
        List<Flight> flights =
                Reference.inputLines().stream().skip(1).map(Flight::parse).toList();

        assertThat(Reference.inputLines()).startsWith(Flight.HEADER);
        assertThat(flights).hasSize(20_000);
        assertThat(flights.stream().map(Flight::origin).distinct()).hasSize(220);
    }

    @Test
    void aLineIsReadAsItsSourceNoteSays() {
        assertThat(Flight.parse("2001-01-01T01:10:00,HNL,SFO,-5,2399")).isEqualTo(new Flight("HNL", -5));
    }

    @Test
    void aLineOfAnotherFormIsRefused() {
        assertThatThrownBy(() -> Flight.parse("HNL,-5"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"HNL,-5\"");
    }
}
