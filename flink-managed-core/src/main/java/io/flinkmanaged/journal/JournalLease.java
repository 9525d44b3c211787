package io.flinkmanaged.journal;

import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.ProcessIdentity;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The right to act on a journal's clusters: held by one library instance at a time, kept as a record with a fencing
 * token that only grows.
 *
 * <p>A lease passes on when its holder released it, or when its process is proved dead; never by the clock.
 */
public final class JournalLease implements AutoCloseable {

    private static final String KEY = "lease";

    private final Journal journal;
    private final long token;
    private final String holder;
    private final long version;

    private JournalLease(Journal journal, long token, String holder, long version) {
        this.journal = journal;
        this.token = token;
        this.holder = holder;
        this.version = version;
    }

    /**
     * Takes the lease.
     *
     * @param journal the journal
     * @param holder who takes it: an id that no other instance has
     * @return the lease; the caller closes it
     * @throws JournalException if a living process, or one that cannot be seen from here, holds it
     */
    public static JournalLease acquire(Journal journal, String holder) {
        Optional<JournalRecord> record = journal.read(KEY);
        Optional<Held> former = record.map(JournalLease::parse);
        former.filter(held -> !held.released()).ifPresent(JournalLease::refuseUnlessDead);
        long token = former.map(Held::token).orElse(0L) + 1;
        Held next = new Held(token, holder, ProcessIdentity.current(), false);
        long version = record.map(JournalRecord::version).orElse(Journal.ABSENT);
        if (!journal.compareAndSet(KEY, version, next.toYaml())) {
            throw new JournalException(
                    Code.CONFLICT,
                    "journal lease: taken this moment by another instance (expected: one instance a journal). "
                            + "Give each instance a journal of its own.",
                    null);
        }
        return new JournalLease(journal, token, holder, version + 1);
    }

    /** Returns the fencing token: larger than that of every former holder. */
    public long token() {
        return token;
    }

    /**
     * Throws unless this lease is still the one in force.
     *
     * @throws JournalException if somebody else took it
     */
    public void ensureHeld() {
        Optional<JournalRecord> record = journal.read(KEY);
        if (record.isPresent() && record.get().version() == version) {
            return;
        }
        Optional<Held> current = record.map(JournalLease::parse);
        if (current.isEmpty() || current.get().token() != token || current.get().released()) {
            throw new JournalException(
                    Code.CONFLICT,
                    "journal lease: token " + token + " (expected: " + current.map(Held::token)
                            + "). Another instance took over; this one must not act any more.",
                    null);
        }
    }

    /** Releases the lease, so that the next instance need not prove this process dead; twice does nothing. */
    @Override
    public void close() {
        Optional<JournalRecord> record = journal.read(KEY);
        if (record.isPresent()) {
            Held held = parse(record.get());
            if (held.token() == token && !held.released()) {
                Held released = new Held(token, holder, held.process(), true);
                // A lost race means that somebody else took the lease: then there is nothing to release.
                boolean unused = journal.compareAndSet(KEY, record.get().version(), released.toYaml());
            }
        }
    }

    private static void refuseUnlessDead(Held held) {
        if (held.process().liveness() != Liveness.DEAD) {
            throw new JournalException(
                    Code.CONFLICT,
                    "journal lease: held by " + held.process() + " (expected: released, or its holder's process dead). "
                            + "Close the ManagedFlink that holds it, or end that process.",
                    null);
        }
    }

    private static Held parse(JournalRecord record) {
        YamlRecord fields = YamlRecord.read("journal record lease", record.text());
        return new Held(
                fields.number("token"),
                fields.text("holder"),
                ProcessIdentity.fromFields(fields::text, fields::number, fields::optionalText),
                fields.flag("released"));
    }

    private record Held(long token, String holder, ProcessIdentity process, boolean released) {
        String toYaml() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("token", token);
            map.put("holder", holder);
            map.putAll(process.toFields());
            map.put("released", released);
            return YamlText.write(map);
        }
    }
}
