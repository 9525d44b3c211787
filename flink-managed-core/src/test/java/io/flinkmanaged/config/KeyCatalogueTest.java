package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.config.KeyRule.Kind;
import io.flinkmanaged.model.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyCatalogueTest {

    private static final Path CATALOGUE = Path.of("src/main/resources/io/flinkmanaged/config/flink-keys.tsv");

    private final KeyCatalogue catalogue = KeyCatalogue.ofFlink();

    /** After a new Flink version: {@code mvn -pl flink-managed-core -am test -Dtest=KeyCatalogueTest -DwriteCatalogue}. */
    @Test
    void holdsEveryOptionOfTheFlinkJars() throws Exception {
        List<String> ofFlink = FlinkOptionsOnClassPath.catalogueLines();
        if (System.getProperty("writeCatalogue") != null) {
            Files.write(CATALOGUE, ofFlink);
        }
        assertThat(Files.readAllLines(CATALOGUE)).isEqualTo(ofFlink).hasSizeGreaterThan(400);
    }

    @Test
    void offersTheKeyThatAPersonMeant() {
        assertThat(catalogue.judge("parallelism.defautl", "4"))
                .get()
                .extracting(Finding::toString)
                .isEqualTo("override parallelism.defautl: … (expected: a configuration key of Flink). "
                        + "Did you mean parallelism.default?");
    }

    @Test
    void refusesAKeyThatResemblesNothing() {
        assertThat(catalogue.judge("colour.of.the.web.ui", "blue"))
                .get()
                .extracting(Finding::remedy)
                .isEqualTo("Look it up in Flink's configuration reference.");
    }

    @Test
    void saysWhyAKeyIsLockedAndWhatToDoInstead() {
        assertThat(catalogue.judge("rest.port", "8081"))
                .get()
                .extracting(Finding::remedy)
                .asString()
                .contains("ManagedCluster.webUi()");
        assertThat(catalogue.ruleOf("high-availability.type").kind()).isEqualTo(Kind.LOCKED);
    }

    @Test
    void showsNoValueThatMayBeASecret() {
        for (String key : List.of(
                "colour.of.the.web.ui",
                "paralelism.default",
                "rest.port",
                "high-availability.type",
                "security.delegation.tokens.renewal.retry.backoff")) {
            assertThat(catalogue.judge(key, "hunter2"))
                    .get()
                    .extracting(Finding::toString)
                    .asString()
                    .startsWith("override " + key + ": ")
                    .contains("…")
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void saysWhereToNameTheDirectoryOfAnEpochsFiles() {
        for (String key : List.of("io.tmp.dirs", "web.tmpdir", "web.upload.dir", "process.working-dir")) {
            assertThat(catalogue.ruleOf(key).reason())
                    .as(key)
                    .endsWith("Name it with ManagedFlink.configure().workingDirectory(…).");
        }
    }

    @Test
    void refusesAValueOfTheWrongType() {
        assertThat(catalogue.judge("heartbeat.timeout", "soon"))
                .get()
                .extracting(Finding::expected)
                .isEqualTo("a duration");
        assertThat(catalogue.judge("web.submit.enable", "perhaps")).isPresent();
        assertThat(catalogue.judge("taskmanager.memory.managed.size", "much")).isPresent();
        assertThat(catalogue.judge("heartbeat.timeout", "30 s")).isEmpty();
    }

    /** Of two names of one option, Flink reads the former one only where the present one is not set. */
    @Test
    void refusesFormerNamesOfAKey() {
        assertThat(catalogue.judge("cleanup-strategy", "none"))
                .get()
                .extracting(Finding::remedy)
                .isEqualTo("Write cleanup-strategy.type.");
        assertThat(catalogue.judge("cleanup-strategy.type", "none")).isEmpty();
        assertThat(catalogue.judge("taskmanager.rpc.port", "0")).isEmpty();
    }

    @Test
    void locksTheFormerNamesOfALockedKeyToo() {
        for (String former :
                List.of("execution.savepoint.path", "taskmanager.tmp.dirs", "state.backend.fs.checkpointdir")) {
            assertThat(catalogue.ruleOf(former).kind()).as(former).isEqualTo(Kind.LOCKED);
            assertThat(catalogue.judge(former, "/data"))
                    .get()
                    .extracting(Finding::remedy)
                    .isEqualTo(catalogue.ruleOf(former).reason());
        }
    }

    @Test
    void letsKeysOfPlugInsPass() {
        assertThat(catalogue.judge("metrics.reporter.prom.port", "9249")).isEmpty();
    }

    @Test
    void knowsFlinksDefaults() {
        assertThat(catalogue.defaultOf("heartbeat.timeout")).contains("50 s");
    }
}
