package io.flinkmanaged.testkit;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.assertj.core.api.AssertProvider;
import org.assertj.core.api.Assertions;

/** A fault that was made. Thread-safe. */
public final class Fault implements AssertProvider<FaultAssert> {

    /**
     * How long a job must run on before that counts for a job whose interruption nobody saw. Flink notices a silent
     * TaskManager after two heartbeats, half a second, and what REST tells is a quarter of a second old.
     */
    private static final Duration STEADY = Duration.ofSeconds(1);

    private final Facts facts;
    private final ManagedCluster cluster;
    private final EventDiary diary;
    private final TimeSource time;
    private final Patience patience;

    Fault(Facts facts, ManagedCluster cluster, EventDiary diary, TimeSource time, Patience patience) {
        this.facts = facts;
        this.cluster = cluster;
        this.diary = diary;
        this.time = time;
        this.patience = patience;
    }

    /** For AssertJ's {@link Assertions#assertThat(AssertProvider)}. */
    @Override
    public FaultAssert assertThat() {
        return new FaultAssert(this);
    }

    /** Returns what was done, in words. */
    @Override
    public String toString() {
        return facts.text();
    }

    /**
     * Looks until it is healed, cannot be healed any more, or the time since the fault is up. Looks at least once.
     *
     * @return what was seen last
     */
    Healing await(Duration atMost) throws Exception {
        Watch watch = new Watch();
        boolean unused = patience.becomes(atMost.plus(Patience.LIMIT), () -> watch.isDecided(atMost));
        return watch.seen;
    }

    String timeline() {
        return EventDiary.timeline(diary.since(facts.at()), facts.at());
    }

    /** A cluster that says itself that it is not healthy is asked for details only if somebody is to read them. */
    private Healing look(boolean inDetail) {
        List<ClusterEvent> since = diary.since(facts.at());
        Healing told = Healing.judge(facts, since, cluster.health());
        return told.isWhole() || inDetail ? told.and(cluster.observe(), since) : told;
    }

    /**
     * What a fault is judged by.
     *
     * @param text what was done
     * @param at when, by this machine's clock
     * @param losses each must have been told by an event since, or nobody has noticed
     * @param jobs the names of those that ran
     */
    record Facts(String text, Instant at, List<Predicate<ClusterEvent>> losses, Set<String> jobs) {

        /** Keeps copies. */
        Facts {
            losses = List.copyOf(losses);
            jobs = Set.copyOf(jobs);
        }
    }

    /** Looks at the cluster, one look after the other. */
    private final class Watch {
        private Healing seen = look(false);
        private OptionalLong wholeSince = OptionalLong.empty();

        boolean isDecided(Duration atMost) {
            boolean late = Duration.between(facts.at(), time.now()).compareTo(atMost) > 0;
            seen = look(late);
            if (!seen.isWhole()) {
                wholeSince = OptionalLong.empty();
                return late || seen.isHopeless();
            }
            long now = time.ticks();
            wholeSince = OptionalLong.of(wholeSince.orElse(now));
            return seen.isCertain() || now - wholeSince.getAsLong() >= STEADY.toNanos();
        }
    }
}
