package io.flinkmanaged.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.Seeded;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobNameTest {

    /** Most file systems allow a name of 255 bytes. */
    private static final int LONGEST_SEGMENT = 200;

    @ParameterizedTest
    @CsvSource({
        "delays, delays",
        "my job, my%20job",
        ".,      %2E",
        "..,     %2E%2E",
        "a/b,    a%2Fb",
        "%2E,    %252E",
        "%,      %25",
        "~,      %7E",
        "Zürich, Z%C3%BCrich",
        "'a*?<>|:\\', a%2A%3F%3C%3E%7C%3A%5C",
    })
    void isWrittenAsOneSegmentOfAPath(String name, String segment) {
        assertThat(new JobName(name).pathSegment()).isEqualTo(segment);
    }

    @Test
    void givesEveryNameASegmentOfItsOwn() {
        Map<String, String> nameOf = new HashMap<>();
        Seeded.check(2_000, random -> {
            String name = randomName(random);
            String segment = new JobName(name).pathSegment();
            assertThat(segment).matches("[A-Za-z0-9_%~-]{1," + LONGEST_SEGMENT + "}");
            assertThat(nameOf.merge(segment, name, (former, same) -> former)).isEqualTo(name);
        });
    }

    @Test
    void canBeReadInItsSegmentUnlessItIsLong() {
        Seeded.check(500, random -> {
            String name = randomName(random);
            String segment = new JobName(name).pathSegment();
            if (!segment.contains("~")) {
                assertThat(URLDecoder.decode(segment, UTF_8)).isEqualTo(name);
            }
        });
    }

    @Test
    void staysShortEnoughForAFileSystemWhateverItsScript() {
        String kanji = "東".repeat(200);
        assertThat(new JobName(kanji).pathSegment()).hasSizeLessThanOrEqualTo(LONGEST_SEGMENT);
        assertThat(new JobName(kanji).pathSegment())
                .isNotEqualTo(new JobName(kanji.substring(1)).pathSegment())
                .isNotEqualTo(new JobName(kanji.substring(1) + "京").pathSegment());
        assertThat(new JobName("a".repeat(200)).pathSegment()).isEqualTo("a".repeat(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "a\nb", "a\u0000", "a\u007f", "a\u0085"})
    void refusesWhatIsBlankOrControls(String name) {
        assertThatThrownBy(() -> new JobName(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("job name")
                .hasMessageContaining("Name the job in submit(name, …)");
    }

    @Test
    void refusesMoreThan200Characters() {
        assertThatThrownBy(() -> new JobName("a".repeat(201))).isInstanceOf(InvalidInputException.class);
    }

    /** Their UTF-8 form is a question mark, whichever they are: two names would share a directory. */
    @Test
    void refusesHalvesOfCharacters() {
        for (String half : new String[] {"a\ud83d", "\ude80", "\ude80\ud83d"}) {
            assertThatThrownBy(() -> new JobName(half)).isInstanceOf(InvalidInputException.class);
        }
        assertThat(new JobName("\ud83d\ude80").pathSegment()).isEqualTo("%F0%9F%9A%80");
    }

    private static String randomName(Random random) {
        StringBuilder name = new StringBuilder();
        int parts = random.nextInt(1, 25);
        for (int i = 0; i < parts; i++) {
            name.append(Seeded.text(random));
        }
        String cleaned = name.toString().replaceAll("\\p{Cntrl}", "").replace("\u0085", "");
        String cut = cleaned.substring(0, Math.min(cleaned.length(), 199));
        return "n" + (cut.endsWith("\ud83d") ? cut.substring(0, cut.length() - 1) : cut);
    }
}
