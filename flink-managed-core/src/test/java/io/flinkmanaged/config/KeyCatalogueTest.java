package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.config.KeyRule.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyCatalogueTest {

    private static final Path CATALOGUE = Path.of("src/main/resources/io/flinkmanaged/config/flink-keys.tsv");

    private final KeyCatalogue catalogue = KeyCatalogue.ofFlink();

    /** After a new Flink version: {@code mvn -pl flink-managed-core -am test -Dtest=KeyCatalogueTest+ReferencePageTest -DwriteCatalogue}. */
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
        assertThat(catalogue.nearest("parallelism.defautl")).contains("parallelism.default");
        assertThat(catalogue.nearest("colour.of.the.web.ui")).isEmpty();
    }

    @Test
    void offersThePresentNameOfAnOption() {
        assertThat(catalogue.nearest("restart-strateg")).contains("restart-strategy.type");
    }

    @Test
    void locksTheFormerNamesOfALockedKeyToo() {
        for (String former :
                List.of("execution.savepoint.path", "taskmanager.tmp.dirs", "state.backend.fs.checkpointdir")) {
            assertThat(catalogue.ruleOf(former).kind()).as(former).isEqualTo(Kind.LOCKED);
        }
    }

    @Test
    void knowsKeysInWhichANameIsFilledIn() {
        assertThat(catalogue.typeOf("external-resource.gpu.amount")).contains("Long");
        assertThat(catalogue.typeOf("external-resource.gpu.param.x")).contains("String");
        assertThat(catalogue.typeOf("nothing")).isEmpty();
    }

    /** Nobody could mean them: Flink's own bookkeeping, and names that are to be filled in. */
    @Test
    void acceptsNeitherFlinksBookkeepingNorPlaceholders() {
        assertThat(catalogue.keys())
                .filteredOn(key -> key.startsWith("$") || key.contains("<"))
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        key -> assertThat(catalogue.ruleOf(key).kind()).as(key).isIn(Kind.LOCKED, Kind.UNKNOWN));
        assertThat(catalogue.ruleOf("metrics.reporter.<name>.port").kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void knowsFlinksDefaults() {
        assertThat(catalogue.defaultOf("heartbeat.timeout")).contains("50 s");
    }
}
