package io.flinkmanaged.supervise;

/** Decides what to do about a cluster. */
@FunctionalInterface
public interface FailoverPolicy {

    /**
     * Decides. A pure function: called on the supervisor's loop, for every observation; it must not block.
     *
     * @param situation what is known
     * @return what to do
     */
    Decision decide(Situation situation);

    /** Returns the policy that is used unless the embedder names another: {@link DefaultFailoverPolicy}. */
    static FailoverPolicy standard() {
        return new DefaultFailoverPolicy();
    }
}
