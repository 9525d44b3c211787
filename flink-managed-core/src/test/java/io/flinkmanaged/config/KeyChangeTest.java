package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyChangeTest {

    /** After a new Flink version: say in key-readers.tsv who reads the new keys. */
    @Test
    void classifiesEveryKeyOfTheCatalogue() {
        KeyCatalogue catalogue = KeyCatalogue.ofFlink();
        assertThat(catalogue.keys()).hasSizeGreaterThan(400);
        assertThat(catalogue.keys().stream()
                        .filter(key -> KeyReaders.find(catalogue.nameOf(key)).isEmpty())
                        .toList())
                .isEmpty();
    }

    @Test
    void saysWhatEachFamilyTakes() {
        assertThat(disruption("heartbeat.timeout")).isEqualTo(Disruption.RESTART);
        assertThat(disruption("web.submit.enable")).isEqualTo(Disruption.RESTART);
        assertThat(disruption("taskmanager.numberOfTaskSlots")).isEqualTo(Disruption.ROLLING);
        assertThat(disruption("restart-strategy.failure-rate.delay")).isEqualTo(Disruption.JOBS);
        assertThat(disruption("execution.checkpointing.interval")).isEqualTo(Disruption.JOBS);
        assertThat(disruption("parallelism.default")).isEqualTo(Disruption.NONE);
        assertThat(disruption("historyserver.web.port")).isEqualTo(Disruption.NONE);
        assertThat(disruption("metrics.reporter.prom.port")).isEqualTo(Disruption.RESTART);
    }

    /** Flink's JobMaster reads these from the JobManager's configuration only: the next submission does not have them. */
    @Test
    void knowsTheKeysOfJobsThatOnlyTheJobManagerReads() {
        for (String key : List.of(
                "execution.checkpointing.num-retained",
                "execution.checkpointing.cleaner.parallel-mode",
                "execution.job-status-changed-listeners",
                "taskmanager.load-balance.mode",
                "slot.request.timeout")) {
            assertThat(KeyChange.of(key).reader()).as(key).isEqualTo(KeyReader.JOB_MANAGER);
        }
    }

    @Test
    void knowsWhichKeysMakeCheckpointsUnreadable() {
        assertThat(KeyChange.of("state.backend.type").needsSavepoint()).isTrue();
        assertThat(KeyChange.of("state.changelog.enabled").needsSavepoint()).isTrue();
        assertThat(KeyChange.of("execution.checkpointing.incremental").needsSavepoint())
                .isFalse();
        assertThat(KeyChange.of("state.backend.type"))
                .hasToString("JOBS: StateBackendLoader asks the job's "
                        + "configuration first; checkpoints of one backend cannot be read by another; state is carried by a "
                        + "canonical savepoint");
    }

    @Test
    void takesAFormerNameForThePresentOne() {
        assertThat(KeyChange.of("restart-strategy")).isEqualTo(KeyChange.of("restart-strategy.type"));
        assertThat(KeyChange.of("jobmanager.web.refresh-interval")).isEqualTo(KeyChange.of("web.refresh-interval"));
    }

    @Test
    void takesAnUnknownKeyForOneThatEveryProcessReads() {
        assertThat(KeyChange.of("colour.of.the.web.ui").reader()).isEqualTo(KeyReader.EVERY_PROCESS);
    }

    @Test
    void ordersDisruptionsByStrength() {
        assertThat(Disruption.JOBS.or(Disruption.ROLLING)).isEqualTo(Disruption.ROLLING);
        assertThat(Disruption.RESTART.or(Disruption.LIVE)).isEqualTo(Disruption.RESTART);
        assertThat(List.of(Disruption.values())).isSorted();
    }

    private static Disruption disruption(String key) {
        return KeyChange.of(key).disruption();
    }
}
