package io.flinkmanaged.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class YamlTextTest {

    @Test
    void readsBackEveryMapThatItWrote() {
        Seeded.check(300, random -> {
            Map<String, Object> document = randomMap(random, 3);
            String text = YamlText.write(document);
            assertThat(YamlText.read("record", text)).as(text).isEqualTo(document);
        });
    }

    @Test
    void readsBackEveryCharacter() {
        for (int plane = 0; plane < 0x3100; plane += 0x100) {
            Map<String, String> document = new LinkedHashMap<>();
            for (int code = plane; code < plane + 0x100; code++) {
                if (Character.getType(code) != Character.SURROGATE) {
                    document.put("key" + Character.toString(code), Character.toString(code));
                    document.put(Character.toString(code), "a" + Character.toString(code) + "b");
                }
            }
            assertThat(YamlText.read("record", YamlText.write(document)))
                    .as("U+%04X…", plane)
                    .isEqualTo(document);
        }
    }

    /** A random damage of a spec came upon it. */
    @Test
    void refusesATagThatTheParserTakesForNone() {
        assertThatThrownBy(() -> YamlText.read("record", "name: !x%20 flights\n", "Write it again."))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("record")
                .hasMessageContaining("expected: YAML")
                .hasMessageContaining("Write it again.");
    }

    @Test
    void writesARecordWithinARecordLegibly() {
        assertThat(YamlText.write(Map.of("spec", "format: 1\nname: flights\nplan:\n  nodes: 3\n")))
                .isEqualTo("spec: |\n  format: 1\n  name: flights\n  plan:\n    nodes: 3\n");
    }

    @Test
    void keepsLongLinesAndManySpaces() {
        Map<String, String> document = Map.of("long", "word ".repeat(100) + "  x".repeat(100));
        assertThat(YamlText.read("record", YamlText.write(document))).isEqualTo(document);
    }

    @Test
    void saysWhichRecordIsBroken() {
        assertThatThrownBy(() -> YamlText.read("attempt record x", "a: ["))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("attempt record x: ")
                .hasMessageContaining("Restore it from a copy")
                .hasCauseInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> YamlText.read("attempt record x", "- a\n- b\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("attempt record x: not a map (expected: a YAML map)");
    }

    private static Map<String, Object> randomMap(Random random, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            map.put(Seeded.text(random), randomValue(random, depth - 1));
        }
        return map;
    }

    private static Object randomValue(Random random, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(8)) {
            case 1 -> random.nextInt();
            case 2 -> random.nextBoolean();
            case 3 -> randomMap(random, depth);
            case 4 -> List.of(Seeded.text(random), Seeded.text(random));
            case 5 -> "line\n" + Seeded.text(random) + "\n";
            default -> Seeded.text(random);
        };
    }
}
