package io.flinkmanaged.internal;

import io.flinkmanaged.model.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Maps as YAML 1.2 text and back: the form of every record that this library keeps. */
public final class YamlText {

    private static final DumpSettings DUMP = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(200)
            .build();

    /** Lines that stay what they are as a literal block; the library does not read back every block that it writes. */
    private static final Pattern PLAIN_LINES = Pattern.compile("[!-~][ -~\\n]*\\n");

    private YamlText() {}

    /**
     * Writes a map; same map, same text.
     *
     * @param document texts, numbers, booleans, lists and maps of these
     * @return block-style YAML
     */
    public static String write(Map<String, ?> document) {
        return new Dump(DUMP, new Texts()).dumpToString(document);
    }

    /**
     * Reads a map.
     *
     * @param subject what the text is, for the complaint when it is broken
     * @param text the YAML
     * @return the map in the order of the text
     * @throws InvalidInputException if the text is not YAML, or not a map
     */
    public static Map<String, Object> read(String subject, String text) {
        return read(subject, text, "Restore it from a copy, or remove it if nothing depends on it.");
    }

    /**
     * Reads a map that a person wrote.
     *
     * @param subject what the text is, for the complaint when it is broken
     * @param text the YAML
     * @param remedy what to do when it is broken: a sentence
     * @return the map in the order of the text
     * @throws InvalidInputException with the line, if the text is not YAML, or not a map
     */
    public static Map<String, Object> read(String subject, String text, String remedy) {
        Object document;
        try {
            document = new Load(LoadSettings.builder().setLabel(subject).build()).loadFromString(text);
        } catch (YamlEngineException | IllegalArgumentException e) {
            // The parser has no place to tell for a tag that ends with an encoded space, which it refuses in another
            // way.
            throw InvalidInputException.of(subject, placeOf(e) + firstLine(e), "YAML", remedy)
                    .because(e);
        }
        if (!(document instanceof Map<?, ?> map)) {
            throw InvalidInputException.of(subject, "not a map", "a YAML map", remedy);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((key, value) -> result.put(String.valueOf(key), value));
        return result;
    }

    private static String placeOf(Exception e) {
        return e instanceof MarkedYamlEngineException marked
                ? marked.getProblemMark()
                        .map(mark -> "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": ")
                        .orElse("")
                : "";
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }

    /** Writes texts of several lines as literal blocks where that is safe, and in double quotes elsewhere. */
    private static final class Texts extends StandardRepresenter {

        Texts() {
            super(DUMP);
            representers.put(String.class, text -> represent(String.valueOf(text)));
        }

        private Node represent(String text) {
            return representScalar(Tag.STR, text, styleOf(text));
        }

        private static ScalarStyle styleOf(String text) {
            if (PLAIN_LINES.matcher(text).matches()) {
                return ScalarStyle.LITERAL;
            }
            return text.chars().allMatch(c -> c >= ' ' && c <= '~') ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED;
        }
    }
}
