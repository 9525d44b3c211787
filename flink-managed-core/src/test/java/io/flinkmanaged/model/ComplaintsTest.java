package io.flinkmanaged.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComplaintsTest {

    private static final Finding SLOTS =
            new Finding("taskSlots", "0", "1..1024", "Use 1 to isolate jobs from each other.");
    private static final Finding PLAN = new Finding("plan nodes", "2", "1 or 3", "Use 3.");

    @Test
    void aFindingSaysWhatWasWrongAndWhatToDo() {
        assertThat(SLOTS).hasToString("taskSlots: 0 (expected: 1..1024). Use 1 to isolate jobs from each other.");
    }

    @Test
    void oneFindingIsTheWholeMessage() {
        assertThat(new InvalidInputException(SLOTS)).hasMessage(SLOTS.toString());
        assertThat(new InvalidInputException("spec of cluster a", List.of(SLOTS)))
                .hasMessage(SLOTS.toString());
        assertThat(InvalidInputException.of("taskSlots", 0, "1..1024", "Use 1 to isolate jobs from each other."))
                .hasMessage(SLOTS.toString())
                .extracting(InvalidInputException::findings)
                .isEqualTo(List.of(SLOTS));
    }

    @Test
    void severalFindingsAreListedBelowTheInputAsAWhole() {
        InvalidInputException refused = new InvalidInputException("spec of cluster a", List.of(SLOTS, PLAN));
        assertThat(refused).hasMessage("spec of cluster a: 2 findings\n  - " + SLOTS + "\n  - " + PLAN);
        assertThat(refused.findings()).containsExactly(SLOTS, PLAN);
    }

    @Test
    void anInvalidInputFailsAgainWhenItIsTriedAgain() {
        InvalidInputException refused = new InvalidInputException(SLOTS);
        assertThat(refused.code()).isEqualTo(Code.INVALID_INPUT);
        assertThat(refused.isRetryable()).isFalse();
        assertThat(refused.cluster()).isEmpty();
    }

    @Test
    void aFailureNamesItsClusterAndWhetherToTryAgain() {
        ManagedFlinkException failure = new ManagedFlinkException(Code.TIMEOUT, "flights", "late", null);
        assertThat(failure.cluster()).contains("flights");
        assertThat(failure.isRetryable()).isTrue();
    }

    @Test
    void aCauseCanBeAddedToAComplaint() {
        IllegalStateException cause = new IllegalStateException("why");
        InvalidInputException one = InvalidInputException.of("taskSlots", 0, "1..1024", "Use 1.");
        one.initCause(cause);
        InvalidInputException many = new InvalidInputException("spec", List.of(SLOTS, PLAN));
        many.initCause(cause);
        assertThat(one).hasCause(cause);
        assertThat(many).hasCause(cause);
    }

    /** Flink sends exceptions between processes. */
    @Test
    void survivesJavaSerialization() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new InvalidInputException("spec", List.of(SLOTS, PLAN)));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(((InvalidInputException) in.readObject()).findings()).containsExactly(SLOTS, PLAN);
        }
    }
}
