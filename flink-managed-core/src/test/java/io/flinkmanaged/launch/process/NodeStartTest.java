package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NodeStartTest {

    private static final List<String> NO_ARCHIVE = List.of();
    private static final List<String> ARCHIVE = List.of("-XX:SharedArchiveFile=/home/nodes/jobmanager.jsa");

    @Test
    void oneWithAnArchiveHasRoomForARehearsal() {
        assertThat(NodeStart.canRehearse(ARCHIVE, List.of("-Xmx144m", "-XX:MaxMetaspaceSize=100663296")))
                .isTrue();
    }

    @Test
    void withoutOneItTakesALargeMetaspace() {
        assertThat(NodeStart.canRehearse(NO_ARCHIVE, List.of("-XX:MaxMetaspaceSize=100663296")))
                .isFalse();
        assertThat(NodeStart.canRehearse(NO_ARCHIVE, List.of("-XX:MaxMetaspaceSize=256m")))
                .isTrue();
    }

    @Test
    void oneWithoutALimitHasRoom() {
        assertThat(NodeStart.canRehearse(NO_ARCHIVE, List.of("-Xmx144m"))).isTrue();
    }
}
