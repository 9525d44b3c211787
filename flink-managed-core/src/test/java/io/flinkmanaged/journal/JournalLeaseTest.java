package io.flinkmanaged.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.ForkedJvm;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.LinuxProcess;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.ProcessIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class JournalLeaseTest {

    private final Journal journal = new InMemoryJournal();
    private final ProcessIdentity self = ProcessIdentity.current();

    @Test
    void isGrantedWhereNobodyHoldsIt() {
        JournalLease lease = JournalLease.acquire(journal, "first");
        assertThat(lease.token()).isEqualTo(1);
        lease.ensureHeld();
    }

    @Test
    void isRefusedWhileALivingInstanceHoldsIt() {
        JournalLease lease = JournalLease.acquire(journal, "first");
        assertConflict(() -> JournalLease.acquire(journal, "second"), "held by " + self, "Close the ManagedFlink");
        lease.ensureHeld();
    }

    @Test
    void isGrantedAfterItWasReleasedWithALargerToken() {
        for (int token = 1; token <= 3; token++) {
            JournalLease lease = JournalLease.acquire(journal, "instance-" + token);
            assertThat(lease.token()).isEqualTo(token);
            lease.close();
        }
    }

    @Test
    void isGrantedAfterItsHolderDied() {
        try (ForkedJvm holder = ForkedJvm.run(JournalLeaseTest.class)) {
            heldBy(7, ProcessIdentity.of(holder.handle()));
            holder.kill();
        }
        assertThat(JournalLease.acquire(journal, "next").token()).isEqualTo(8);
    }

    @Test
    void isGrantedWhenItsHoldersPidBelongsToAYoungerProcess() {
        heldBy(7, formerProcessOfThisPid());
        assertThat(JournalLease.acquire(journal, "next").token()).isEqualTo(8);
    }

    @Test
    void writesAllThatIsKnownOfItsHolder() {
        JournalLease unused = JournalLease.acquire(journal, "first");
        assertThat(journal.read("lease").orElseThrow().text()).contains("boot:", "pidNamespace:", "startTicks:");
    }

    @Test
    void isRefusedWhileItsHolderCannotBeSeen() {
        heldBy(7, new ProcessIdentity("elsewhere.example", 4711, 0, Optional.empty()));
        assertConflict(() -> JournalLease.acquire(journal, "next"), "pid 4711 on elsewhere.example");
    }

    @Test
    void isLostByWhoWasTakenForDead() {
        JournalLease former = JournalLease.acquire(journal, "former");
        heldBy(former.token(), formerProcessOfThisPid());
        JournalLease next = JournalLease.acquire(journal, "next");
        assertThat(next.token()).isGreaterThan(former.token());
        assertConflict(former::ensureHeld, "Another instance took over");
        former.close();
        next.ensureHeld();
    }

    @Test
    void isNotHeldAfterItWasReleased() {
        JournalLease lease = JournalLease.acquire(journal, "first");
        lease.close();
        lease.close();
        assertConflict(lease::ensureHeld, "token 1");
    }

    @Test
    void isGrantedToOneOfManyWhoWantIt() {
        List<CompletableFuture<JournalLease>> wanted = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> JournalLease.acquire(journal, "racer-" + i)))
                .toList();
        wanted.forEach(one -> one.exceptionally(refused -> null).join());
        assertThat(wanted.stream().filter(one -> !one.isCompletedExceptionally()))
                .hasSize(1);
        wanted.stream().filter(one -> !one.isCompletedExceptionally()).forEach(one -> one.join()
                .ensureHeld());
    }

    @Test
    void isNotGrantedOnADamagedRecord() {
        assertThat(journal.compareAndSet("lease", Journal.ABSENT, "token: many\n"))
                .isTrue();
        assertThatThrownBy(() -> JournalLease.acquire(journal, "next"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("journal record lease, field token: many (expected: a whole number)");
    }

    /** For the process that holds a lease and dies. */
    public static void main(String[] unused) throws java.io.IOException {
        int unusedEnd = System.in.read();
    }

    private ProcessIdentity formerProcessOfThisPid() {
        LinuxProcess here = self.linux().orElseThrow();
        LinuxProcess former =
                new LinuxProcess(here.bootId(), here.pidNamespace(), here.startTicks() - 1, here.machineId());
        return new ProcessIdentity(self.host(), self.pid(), self.startedAtMillis(), Optional.of(former));
    }

    private void heldBy(long token, ProcessIdentity holder) {
        long version = journal.read("lease").map(JournalRecord::version).orElse(Journal.ABSENT);
        Map<String, Object> fields = new LinkedHashMap<>(holder.toFields());
        fields.put("token", token);
        fields.put("holder", "other");
        fields.put("released", false);
        assertThat(journal.compareAndSet("lease", version, YamlText.write(fields)))
                .isTrue();
    }

    private static void assertConflict(ThrowingCallable call, String... contained) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(JournalException.class, refused -> assertThat(refused.code())
                        .isEqualTo(Code.CONFLICT))
                .hasMessageContainingAll(contained);
    }
}
