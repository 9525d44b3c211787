package io.flinkmanaged.model;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An argument was refused: {@link #findings()} says each thing that is wrong with it and how to repair it. */
public class InvalidInputException extends ManagedFlinkException {

    private static final long serialVersionUID = 1L;

    private final ImmutableList<Finding> findings;

    /**
     * Creates the exception for one finding.
     *
     * @param finding what is wrong
     */
    public InvalidInputException(Finding finding) {
        super(Code.INVALID_INPUT, finding.toString());
        this.findings = ImmutableList.of(finding);
    }

    /**
     * Creates the exception for all that is wrong with one input.
     *
     * @param subject the input as a whole
     * @param findings everything that is wrong with it; not empty
     */
    public InvalidInputException(String subject, List<Finding> findings) {
        super(Code.INVALID_INPUT, describe(subject, findings));
        this.findings = ImmutableList.copyOf(findings);
    }

    private InvalidInputException(Finding finding, @Nullable Throwable cause) {
        super(Code.INVALID_INPUT, null, finding.toString(), cause);
        this.findings = ImmutableList.of(finding);
    }

    /**
     * Shorthand for the exception of one finding.
     *
     * @param subject what is wrong
     * @param value the offending value
     * @param expected the constraint
     * @param remedy what to do
     * @return the exception, to be thrown by the caller
     */
    public static InvalidInputException of(String subject, Object value, String expected, String remedy) {
        return new InvalidInputException(new Finding(subject, String.valueOf(value), expected, remedy));
    }

    /**
     * Returns the same complaint with a cause.
     *
     * @param cause what showed that the input is wrong, or {@code null}
     * @return a new exception with the first finding of this one, to be thrown by the caller
     */
    public InvalidInputException because(@Nullable Throwable cause) {
        return new InvalidInputException(findings.get(0), cause);
    }

    /** Returns everything that is wrong: at least one finding. */
    public List<Finding> findings() {
        return findings;
    }

    private static String describe(String subject, List<Finding> findings) {
        if (findings.size() == 1) {
            return findings.get(0).toString();
        }
        return subject + ": " + findings.size() + " findings\n"
                + findings.stream()
                        .map(finding -> "  - " + (finding.isError() ? "" : "advice: ") + finding)
                        .collect(Collectors.joining("\n"));
    }
}
