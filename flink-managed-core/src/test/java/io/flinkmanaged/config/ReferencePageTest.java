package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferencePageTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");

    private final KeyCatalogue catalogue = KeyCatalogue.ofFlink();

    /**
     * After a change of rules or a new Flink version: {@code mvn -pl flink-managed-core -am test -Dtest=ReferencePageTest
     * -DwriteCatalogue}.
     */
    @Test
    void saysOfEveryKeyWhatTheCatalogueSays() throws Exception {
        List<String> page = page();
        if (System.getProperty("writeCatalogue") != null) {
            Files.write(PAGE, page);
        }
        assertThat(Files.readAllLines(PAGE)).isEqualTo(page);
    }

    private List<String> page() {
        List<String> lines = new ArrayList<>(List.of(
                "# Configuration",
                "",
                "Every key of Flink 2.3.0, and what may be done with it. Made by `ReferencePageTest` from the library's"
                        + " catalogue; do not edit.",
                "",
                "- **FREE**: `ClusterSpec.override(key, value)` sets it. **BOUNDED**: within the bounds. A key that has a"
                        + " setting of its own is set by that.",
                "- **SECRET**: given as a reference, `${secret:env:NAME}`, `${secret:file:/path}` or that of a"
                        + " `SecretProvider`; never shown.",
                "- **LOCKED**: the library's promises depend on it. Where the table says so, a `ConfigurationPolicy` may"
                        + " grant it.",
                "- *A change takes*: of processes; what a cluster in process needs for it is in its preview. The order is "
                        + "NONE, LIVE, JOBS, ROLLING, RESTART, REPLACE.",
                "- Keys that begin with `metrics.reporter.`, `traces.reporter.`, `events.reporter.`,"
                        + " `metrics.scope.variables.`, `external-resource.`, `security.delegation.token.provider.`,"
                        + " `fs.`, `s3.`, `s3a.`, `gs.` and `pipeline.global-job-parameters.` are free beyond this list:"
                        + " they belong to plug-ins, or carry a name that their user chooses.",
                "- Keys whose names say that they hold a secret (such as `….password`, `….secret-key`, `….access-key`,"
                        + " `….private.key`, `….token`) are SECRET wherever they are.",
                "",
                "| key | type | Flink's default | rule | a change takes |",
                "| --- | --- | --- | --- | --- |"));
        List<String> former = new ArrayList<>();
        for (String key : catalogue.keys()) {
            String name = catalogue.nameOf(key);
            if (name.equals(key)) {
                lines.add(row(key));
            } else {
                former.add("| `" + key + "` | `" + name + "` |");
            }
        }
        lines.addAll(List.of(
                "",
                "## Former names",
                "",
                "They are taken for the present ones, and the spec's findings say so.",
                "",
                "| former | present |",
                "| --- | --- |"));
        lines.addAll(former);
        return lines;
    }

    private String row(String key) {
        KeyChange change = KeyChange.of(key);
        return "| `" + key + "` | "
                + cell(catalogue
                        .typeOf(key)
                        .orElse("")
                        .replace("(", ": ")
                        .replace(")", "")
                        .replace("|", ", "))
                + " | "
                + catalogue
                        .defaultOf(key)
                        .map(value -> "`" + value.replace("|", "\\|") + "`")
                        .orElse("") + " | "
                + cell(catalogue.ruleOf(key).toString()) + " | "
                + change.disruption() + (change.needsSavepoint() ? ", with a savepoint" : "") + " |";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
