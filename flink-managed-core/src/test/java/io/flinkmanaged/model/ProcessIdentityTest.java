package io.flinkmanaged.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.flinkmanaged.internal.ForkedJvm;
import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {

    private static final String OWN = "pid:[4026531836]";
    private static final String CONTAINER = "pid:[4026532201]";
    private static final Optional<String> MACHINE = Optional.of("machine-a");

    private final ProcessIdentity self = ProcessIdentity.current();

    @Test
    void knowsThatItLivesItself() {
        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(self.liveness()).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void seesAnotherProcessLiveAndDie() {
        try (ForkedJvm other = ForkedJvm.run(WaitsForTheEnd.class)) {
            assertThat(other.nextLine()).isEqualTo("ready");
            ProcessIdentity identity = ProcessIdentity.of(other.handle());
            ProcessIdentity withoutProc = without(identity);
            assertThat(identity.liveness()).isEqualTo(Liveness.ALIVE);
            assertThat(withoutProc.livenessSeenBy(without(self))).isEqualTo(Liveness.ALIVE);
            other.kill();
            assertThat(identity.liveness()).isEqualTo(Liveness.DEAD);
            assertThat(withoutProc.livenessSeenBy(without(self))).isEqualTo(Liveness.DEAD);
        }
    }

    @Test
    void isNotFooledByAPidThatIsUsedAgain() {
        LinuxProcess here = here();
        ProcessIdentity former =
                with(new LinuxProcess(here.bootId(), here.pidNamespace(), here.startTicks() - 1, here.machineId()));
        assertThat(former.liveness()).isEqualTo(Liveness.DEAD);
    }

    @Test
    void isNotFooledByAClockThatWasSet() {
        ProcessIdentity beforeTheStep =
                new ProcessIdentity(self.host(), self.pid(), self.startedAtMillis() - 3_600_000, Optional.of(here()));
        assertThat(beforeTheStep.liveness()).isEqualTo(Liveness.ALIVE);
        assertThat(without(beforeTheStep).livenessSeenBy(without(self))).isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void isCarefulWhereTheStartIsNotKnown() {
        ProcessIdentity startless = new ProcessIdentity(self.host(), self.pid(), 0, Optional.empty());
        assertThat(startless.livenessSeenBy(without(self))).isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void knowsNothingOfProcessesOfAnotherHost() {
        ProcessIdentity elsewhere =
                new ProcessIdentity("elsewhere.example", self.pid(), self.startedAtMillis(), self.linux());
        assertThat(elsewhere.liveness()).isEqualTo(Liveness.UNKNOWN);
        assertThat(elsewhere).hasToString("pid " + self.pid() + " on elsewhere.example");
    }

    @Test
    void knowsNothingOfContainersWithTheSameHostName() {
        ProcessIdentity observer = with(new LinuxProcess("boot-1", OWN, 5, MACHINE));
        assertThat(with(new LinuxProcess("boot-1", CONTAINER, 5, MACHINE)).livenessSeenBy(observer))
                .isEqualTo(Liveness.UNKNOWN);
        assertThat(without(self).livenessSeenBy(observer)).isEqualTo(Liveness.UNKNOWN);
        assertThat(observer.livenessSeenBy(without(self))).isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void knowsThatNothingSurvivesTheRestartOfItsMachine() {
        ProcessIdentity observer = with(new LinuxProcess("boot-2", OWN, 5, MACHINE));
        assertThat(with(new LinuxProcess("boot-1", OWN, 5, MACHINE)).livenessSeenBy(observer))
                .isEqualTo(Liveness.DEAD);
    }

    @Test
    void doesNotTakeAnotherMachineForItsOwnRestarted() {
        ProcessIdentity observer = with(new LinuxProcess("boot-2", OWN, 5, MACHINE));
        assertThat(with(new LinuxProcess("boot-1", OWN, 5, Optional.of("machine-b")))
                        .livenessSeenBy(observer))
                .isEqualTo(Liveness.UNKNOWN);
        assertThat(with(new LinuxProcess("boot-1", OWN, 5, Optional.empty())).livenessSeenBy(observer))
                .isEqualTo(Liveness.UNKNOWN);
        assertThat(with(new LinuxProcess("boot-1", OWN, 5, Optional.empty()))
                        .livenessSeenBy(with(new LinuxProcess("boot-2", OWN, 5, Optional.empty()))))
                .isEqualTo(Liveness.UNKNOWN);
        // One image, one machine id, two machines.
        assertThat(with(new LinuxProcess("boot-1", CONTAINER, 5, MACHINE))
                        .livenessSeenBy(with(new LinuxProcess("boot-2", CONTAINER, 5, MACHINE))))
                .isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void isReadBackFromItsFields() {
        for (ProcessIdentity identity : new ProcessIdentity[] {
            with(new LinuxProcess("boot-1", OWN, 733593, MACHINE)),
            with(new LinuxProcess("boot-1", CONTAINER, 5, Optional.empty())),
            without(self)
        }) {
            assertThat(readBack(identity.toFields())).isEqualTo(identity);
        }
    }

    @Test
    void readsTheStartAfterANameWithBrackets() {
        String rest = "S 1 4 4 0 -1 4194304 99 0 0 0 0 0 0 0 20 0 1 0 733593 3133440 362";
        assertThat(LinuxProcess.startTicks("42 (a) b) " + rest + "\n")).hasValue(733593);
        assertThat(LinuxProcess.startTicks("42 (java) S 1")).isEmpty();
        assertThat(LinuxProcess.startTicks("")).isEmpty();
    }

    @Test
    void theHostsNameIsWhatTheJdkCallsIt() throws Exception {
        assertThat(self.host()).isEqualTo(InetAddress.getLocalHost().getHostName());
    }

    /** A machine that starts before its network does is the same place as ever. */
    @Test
    void knowsItsHostWithoutANameService(@TempDir Path directory) throws Exception {
        Path nobody = Files.createFile(directory.resolve("hosts"));
        try (ForkedJvm other =
                ForkedJvm.run(directory, List.of("-Xmx64m", "-Djdk.net.hosts.file=" + nobody), TellsItsHost.class)) {
            assertThat(other.nextLine()).isEqualTo("no name service");
            assertThat(other.nextLine()).isEqualTo(self.host());
        }
    }

    @Test
    void asksTheJdkWhereLinuxTellsNothing(@TempDir Path directory) throws Exception {
        String known = InetAddress.getLocalHost().getHostName();
        assertThat(ProcessIdentity.hostName(directory.resolve("absent"))).isEqualTo(known);
        assertThat(ProcessIdentity.hostName(Files.writeString(directory.resolve("unset"), "(none)\n")))
                .isEqualTo(known);
        assertThat(ProcessIdentity.hostName(Files.writeString(directory.resolve("set"), "host-a\n")))
                .isEqualTo("host-a");
    }

    private LinuxProcess here() {
        assumeThat(self.linux()).isPresent();
        return self.linux().orElseThrow();
    }

    private ProcessIdentity with(LinuxProcess linux) {
        return new ProcessIdentity(self.host(), self.pid(), self.startedAtMillis(), Optional.of(linux));
    }

    private static ProcessIdentity without(ProcessIdentity identity) {
        return new ProcessIdentity(identity.host(), identity.pid(), identity.startedAtMillis(), Optional.empty());
    }

    private static ProcessIdentity readBack(Map<String, Object> fields) {
        YamlRecord record = YamlRecord.read("a test", YamlText.write(fields));
        return ProcessIdentity.fromFields(record::text, record::number, record::optionalText);
    }

    static final class WaitsForTheEnd {
        private WaitsForTheEnd() {}

        public static void main(String[] unused) throws java.io.IOException {
            System.out.println("ready");
            int unusedEnd = System.in.read();
        }
    }

    static final class TellsItsHost {
        private TellsItsHost() {}

        public static void main(String[] unused) {
            try {
                System.out.println(InetAddress.getLocalHost());
            } catch (UnknownHostException e) {
                System.out.println("no name service");
            }
            System.out.println(ProcessIdentity.current().host());
        }
    }

    @Test
    void aProcessIsEndingOnceItIsKilledOrExits() {
        String calm = "Name:\tjava\nSigPnd:\t0000000000000000\nShdPnd:\t0000000000000000\n";
        String lives = "42 (a) b) S 1 42 42 0 -1 4194304 17 0";
        assertThat(LinuxProcess.isEnding(lives, calm)).isFalse();
        assertThat(LinuxProcess.isEnding(lives, calm.replace("SigPnd:\t0000000000000000", "SigPnd:\t0000000000000100")))
                .as("SIGKILL waits for it")
                .isTrue();
        assertThat(LinuxProcess.isEnding(lives, calm.replace("SigPnd:\t0000000000000000", "SigPnd:\t0000000000004000")))
                .as("SIGTERM may be refused")
                .isFalse();
        assertThat(LinuxProcess.isEnding("42 (a) b) D 1 42 42 0 -1 4194308 17 0", calm))
                .as("it exits")
                .isTrue();
        assertThat(ProcessIdentity.current().isEnding()).isFalse();
    }

    @Test
    void aProcessHasEndedWhenTheLastOfItsThreadsHas() {
        String zombie = "42 (a) b) Z 1 42 42 0 -1 4228108 17 0 0 0 1 2 0 0 20 0 1 0 4711 0 0";
        assertThat(LinuxProcess.hasEnded(zombie)).isTrue();
        assertThat(LinuxProcess.hasEnded(zombie.replace(" 20 0 1 0 ", " 20 0 23 0 ")))
                .as("other threads hold its files and ports")
                .isFalse();
        assertThat(LinuxProcess.hasEnded(zombie.replace(" Z ", " S "))).isFalse();
    }
}
