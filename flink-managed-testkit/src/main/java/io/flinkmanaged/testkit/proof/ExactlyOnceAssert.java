package io.flinkmanaged.testkit.proof;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import org.assertj.core.api.AbstractAssert;

/** Assertions of what came out of a job. */
public final class ExactlyOnceAssert extends AbstractAssert<ExactlyOnceAssert, ExactlyOnceReport> {

    ExactlyOnceAssert(ExactlyOnceReport report) {
        super(report, ExactlyOnceAssert.class);
    }

    /**
     * Verifies that every number came out once and nothing else did. Nothing at all fails.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public ExactlyOnceAssert isExactlyOnce() {
        if (!actual.isExactlyOnce()) {
            throw failure("%s", actual);
        }
        return this;
    }
}
