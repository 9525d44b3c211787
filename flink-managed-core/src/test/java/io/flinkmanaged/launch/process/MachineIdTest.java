package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.LinuxProcess;
import io.flinkmanaged.model.ProcessIdentity;
import io.flinkmanaged.model.SystemTimeSource;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineIdTest {

    private static final String MACHINES_OWN = "pid:[4026531836]";
    private static final String CONTAINERS = "pid:[4026532201]";

    @TempDir
    private Path home;

    private final SystemTimeSource time = new SystemTimeSource();

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void tellsMachinesApartThatHaveADirectoryOfOnePath() {
        assertThat(idOn("host-a", MACHINES_OWN, "installed-1"))
                .isEqualTo(idOn("host-a", MACHINES_OWN, "installed-1"))
                .isNotEqualTo(idOn("host-b", MACHINES_OWN, "installed-1"))
                .isNotEqualTo(idOn("host-a", MACHINES_OWN, "installed-2"));
        assertThat(home).isEmptyDirectory();
    }

    /** Its host name is another one each time, and its machine's id that of the image. */
    @Test
    void isThatOfTheVolumeInAContainer() {
        String former = MachineId.of(process("4f1d", CONTAINERS, "of the image"), home, time);
        assertThat(MachineId.of(process("b97a", CONTAINERS, "of the image"), home, time))
                .isEqualTo(former);
        assertThat(MachineId.of(process("b97a", CONTAINERS, "of the image"), home.resolve("another"), time))
                .isNotEqualTo(former);
    }

    private String idOn(String host, String pidNamespace, String machineId) {
        return MachineId.of(process(host, pidNamespace, machineId), home, time);
    }

    private static ProcessIdentity process(String host, String pidNamespace, String machineId) {
        return new ProcessIdentity(
                host, 7, 0, Optional.of(new LinuxProcess("boot", pidNamespace, 11, Optional.of(machineId))));
    }
}
