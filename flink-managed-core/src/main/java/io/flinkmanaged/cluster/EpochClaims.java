package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.ProcessIdentity;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who runs a cluster's epochs, as the state storage knows it: {@code <location>/<cluster>/epochs/epoch-3.yaml}, and
 * {@code epoch-3.ended.yaml} when its processes are known to be dead.
 *
 * <p>An epoch's number is claimed by creating its record, which the storage lets one process do. An epoch that has not
 * ended owns the cluster's prefix; the next one is claimed only when its processes are proved dead.
 */
final class EpochClaims {

    private static final Pattern CLAIM = Pattern.compile("epoch-([1-9]\\d{0,17})\\.yaml");

    /** Where the epoch's processes go on without the JVM that started them. */
    private static final String PLACE = "processes";

    private static final String LET_GO = "letGo";

    /** The claims of this process of which nothing runs: also those of objects that have been thrown away since. */
    private static final Set<Claim> DEAD_HERE = ConcurrentHashMap.newKeySet();

    private final StateStorage storage;
    private final ClusterName cluster;
    private final TimeSource time;
    private final KnownEpochs known;
    private final String claimant;
    private final Optional<ClusterLauncher> launcher;

    EpochClaims(StateStorage storage, ClusterName cluster, TimeSource time, KnownEpochs known) {
        this(storage, cluster, time, known, Optional.empty());
    }

    /** Makes claims for processes that a launcher starts; without one, only ends are judged. */
    EpochClaims(
            StateStorage storage,
            ClusterName cluster,
            TimeSource time,
            KnownEpochs known,
            Optional<ClusterLauncher> launcher) {
        this.launcher = launcher;
        this.storage = storage;
        this.cluster = cluster;
        this.time = time;
        this.known = known;
        this.claimant = time.newId();
    }

    /**
     * Claims the next epoch for processes of this JVM.
     *
     * @throws StorageException if the storage shows less than is known
     * @throws ManagedFlinkException if the last epoch's processes live, or cannot be seen from here
     */
    Epoch claimNext() {
        Epoch next = requireOwnerless().map(Epoch::next).orElseGet(() -> new Epoch(1));
        if (!create(new Claim(claimant, next))) {
            throw new ManagedFlinkException(
                    Code.CONFLICT,
                    cluster.value(),
                    "cluster " + cluster + ": " + next + " was claimed this moment by another process (expected: one "
                            + "process a cluster). End one of the two, or give one another name or storage.",
                    null);
        }
        return next;
    }

    /**
     * Looks whether the next epoch may be claimed.
     *
     * @return the last one, if there was one
     * @throws StorageException if the storage shows less than is known
     * @throws ManagedFlinkException if the last epoch's processes live, or cannot be seen from here
     */
    Optional<Epoch> requireOwnerless() {
        Optional<Epoch> last = last();
        requireKnown(last);
        last.filter(epoch -> !hasEnded(epoch)).ifPresent(this::requireDead);
        return last;
    }

    /**
     * Notes on a person's word that every process of the last epoch is dead.
     *
     * @return the epoch; empty if it has ended already, or none ever began
     * @throws ManagedFlinkException if its process is seen to live
     */
    Optional<Epoch> declareLastDead() {
        Optional<Epoch> open = last().filter(epoch -> !hasEnded(epoch));
        open.ifPresent(epoch -> {
            if (livenessOf(epoch, ownerOf(epoch)) == Liveness.ALIVE) {
                refuseUnlessDead(epoch);
            }
            writeEnd(new Claim(claimantOf(epoch).orElse(""), epoch), "a person declared its processes dead");
        });
        return open;
    }

    /**
     * Looks whether the storage shows every epoch that is known to have begun.
     *
     * @throws StorageException if it does not
     */
    void requireKnown() {
        requireKnown(last());
    }

    private void requireKnown(Optional<Epoch> last) {
        Optional<Epoch> expected = known.find(cluster, storage.location());
        if (expected.isPresent()
                && last.filter(shown -> shown.compareTo(expected.get()) >= 0).isEmpty()) {
            throw new StorageException(
                    "cluster " + cluster + ": its storage " + storage.location().uri() + " shows "
                            + last.map(shown -> "only " + shown).orElse("no epoch") + " (expected: " + expected.get()
                            + ", which the journal knows). It was emptied, replaced by an older copy, or is not mounted: "
                            + "bring its content back. If it was deleted on purpose, delete the journal's record "
                            + KnownEpochs.keyOf(cluster, storage.location()) + ".",
                    null);
        }
    }

    /**
     * Notes that every process of an epoch is dead. Should the storage fail, or not show the epoch, that is known here all
     * the same, and written with the next claim.
     */
    void end(Epoch epoch, String reason) {
        Claim claim = new Claim(claimant, epoch);
        DEAD_HERE.add(claim);
        if (!claimantOf(epoch).equals(Optional.of(claimant))) {
            throw new StorageException(
                    "cluster " + cluster + ": its storage does not show " + epoch + " (expected: "
                            + storage.uriOf(pathOf(epoch, ".yaml"))
                            + ", as this process wrote it). It was emptied, or is not mounted: bring its content back.",
                    null);
        }
        writeEnd(claim, reason);
    }

    /**
     * Returns the last epoch if its processes may live in the place of this launcher, and no other JVM has them in hand.
     */
    Optional<Epoch> adoptable() {
        Optional<Epoch> last = last();
        requireKnown(last);
        return last.filter(epoch -> !hasEnded(epoch))
                .filter(epoch -> isOfThisPlace(recordOf(epoch)))
                .filter(epoch -> !isInOtherHands(recordOf(epoch)));
    }

    /** Takes over an epoch whose processes go on. */
    void adopt(Epoch epoch) {
        storage.write(pathOf(epoch, ".yaml"), claim(false));
    }

    /** Notes that an epoch's processes go on without this JVM. */
    void letGo(Epoch epoch) {
        storage.write(pathOf(epoch, ".yaml"), claim(true));
    }

    private boolean isOfThisPlace(YamlRecord claim) {
        return launcher.flatMap(ClusterLauncher::place)
                .filter(place -> claim.optionalText(PLACE).equals(Optional.of(place)))
                .isPresent();
    }

    private static boolean isInOtherHands(YamlRecord claim) {
        return !claim.has(LET_GO) && ownerIn(claim).liveness() != Liveness.DEAD;
    }

    private boolean create(Claim claim) {
        try {
            // Said to be there, it may be our own: some storages' clients try again by themselves.
            boolean created = storage.createIfAbsent(pathOf(claim.epoch(), ".yaml"), claim(false))
                    || claimantOf(claim.epoch()).equals(Optional.of(claimant));
            if (created) {
                known.note(cluster, storage.location(), claim.epoch());
            }
            return created;
        } catch (RuntimeException e) {
            // Should the record have been made all the same, nothing of the epoch will run.
            DEAD_HERE.add(claim);
            throw e;
        }
    }

    private Optional<Epoch> last() {
        List<String> records = storage.children(cluster + "/epochs");
        return records.stream()
                .map(CLAIM::matcher)
                .filter(Matcher::matches)
                .map(matcher -> new Epoch(Long.parseLong(matcher.group(1))))
                .max(Comparator.naturalOrder());
    }

    private boolean hasEnded(Epoch epoch) {
        return storage.read(pathOf(epoch, ".ended.yaml")).isPresent();
    }

    private void requireDead(Epoch epoch) {
        claimantOf(epoch)
                .map(owner -> new Claim(owner, epoch))
                .filter(DEAD_HERE::contains)
                .ifPresentOrElse(
                        claim -> writeEnd(claim, "it ended; this is written late"), () -> refuseUnlessDead(epoch));
    }

    private void writeEnd(Claim claim, String reason) {
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("at", time.now().toString());
        end.put("reason", reason);
        boolean unused = storage.createIfAbsent(pathOf(claim.epoch(), ".ended.yaml"), YamlText.write(end));
        DEAD_HERE.remove(claim);
    }

    private Optional<String> claimantOf(Epoch epoch) {
        return storage.read(pathOf(epoch, ".yaml"))
                .flatMap(text -> YamlRecord.read("epoch claim " + epoch, text).optionalText("claimant"));
    }

    private void refuseUnlessDead(Epoch epoch) {
        ProcessIdentity owner = ownerOf(epoch);
        Liveness liveness = livenessOf(epoch, owner);
        if (liveness != Liveness.DEAD) {
            throw new ManagedFlinkException(
                    Code.CONFLICT,
                    cluster.value(),
                    "cluster " + cluster + ": " + epoch + " belongs to " + owner + ", which "
                            + (liveness == Liveness.ALIVE ? "lives" : "cannot be seen from this process")
                            + " (expected: ended, or its process proved dead). Close that cluster or end that process; "
                            + "if it is certainly dead, call ManagedFlink.stored(location, \"" + cluster
                            + "\").declareDead(), or create " + storage.uriOf(pathOf(epoch, ".ended.yaml")) + ".",
                    null);
        }
    }

    /** Processes that outlive the JVM that started them die on their own. */
    private Liveness livenessOf(Epoch epoch, ProcessIdentity owner) {
        YamlRecord claim = recordOf(epoch);
        if (!claim.has(PLACE) || isInOtherHands(claim)) {
            return owner.liveness();
        }
        return isOfThisPlace(claim)
                ? launcher.map(one -> one.livenessOf(cluster, epoch)).orElse(Liveness.UNKNOWN)
                : Liveness.UNKNOWN;
    }

    private ProcessIdentity ownerOf(Epoch epoch) {
        return ownerIn(recordOf(epoch));
    }

    private YamlRecord recordOf(Epoch epoch) {
        String path = pathOf(epoch, ".yaml");
        return YamlRecord.read(
                "epoch claim " + storage.uriOf(path), storage.read(path).orElse("{}"));
    }

    private static ProcessIdentity ownerIn(YamlRecord claim) {
        return ProcessIdentity.fromFields(claim::text, claim::number, claim::optionalText);
    }

    private String claim(boolean letGo) {
        Map<String, Object> claim =
                new LinkedHashMap<>(ProcessIdentity.current().toFields());
        claim.put("claimant", claimant);
        claim.put("at", time.now().toString());
        launcher.flatMap(ClusterLauncher::place).ifPresent(place -> claim.put(PLACE, place));
        if (letGo) {
            claim.put(LET_GO, true);
        }
        return YamlText.write(claim);
    }

    private String pathOf(Epoch epoch, String suffix) {
        return cluster + "/epochs/" + epoch + suffix;
    }

    /** Who claimed what: no two objects, in any process, have one claimant. */
    private record Claim(String claimant, Epoch epoch) {}
}
