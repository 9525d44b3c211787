package io.flinkmanaged.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.TimeZone;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserJarsTest {

    @TempDir
    private Path temporary;

    private Path classes;
    private UserJars jars;

    @BeforeEach
    void compileSomething() throws Exception {
        classes = temporary.resolve("classes");
        write(classes, "user/Job.class", "job");
        write(classes, "user/deep/Helper.class", "helper");
        write(classes, "application.conf", "a=b");
        jars = new UserJars(temporary.resolve("packed"));
    }

    @Test
    void packsADirectoryWithEverythingInIt() throws Exception {
        try (JarFile jar = new JarFile(packed(jars, classes).toFile())) {
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .containsExactlyInAnyOrder("user/Job.class", "user/deep/Helper.class", "application.conf");
            assertThat(jar.getInputStream(jar.getEntry("user/Job.class"))).hasContent("job");
        }
    }

    @Test
    void leavesNothingWhenItIsClosedAndNothingOfOthersIsTouched() throws Exception {
        UserJars other = new UserJars(temporary.resolve("packed"));
        Path ours = packed(jars, classes);
        Path others = packed(other, classes);

        jars.close();
        jars.close();

        assertThat(ours).doesNotExist();
        assertThat(others).exists();
        other.close();
        assertThat(temporary.resolve("packed")).isEmptyDirectory();
    }

    @Test
    void leavesAJarAsItIs() throws Exception {
        Path jar = Files.writeString(temporary.resolve("job.jar"), "a jar");
        assertThat(jars.of(List.of(jar))).containsExactly(jar);
    }

    @Test
    void packsTheSameClassesToTheSameBytes() throws Exception {
        String address = Digests.sha256(packed(jars, classes));
        Path copy = temporary.resolve("another/place");
        write(copy, "application.conf", "a=b");
        write(copy, "user/deep/Helper.class", "helper");
        write(copy, "user/Job.class", "job");
        Files.setLastModifiedTime(copy.resolve("user/Job.class"), FileTime.fromMillis(1_000_000_000_000L));
        TimeZone here = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            assertThat(Digests.sha256(packed(new UserJars(temporary.resolve("later")), copy)))
                    .isEqualTo(address);
        } finally {
            TimeZone.setDefault(here);
        }
    }

    @Test
    void packsOnceWhatDoesNotChange() throws Exception {
        Path first = packed(jars, classes);
        FileTime written = Files.getLastModifiedTime(first);
        assertThat(packed(jars, classes)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first)).isEqualTo(written);
    }

    @Test
    void packsAgainAfterAChange() throws Exception {
        Path first = packed(jars, classes);
        byte[] before = Files.readAllBytes(first);
        write(classes, "user/Job.class", "changed job");
        Path changed = packed(jars, classes);
        write(classes, "user/New.class", "new");
        Path added = packed(jars, classes);
        Files.delete(classes.resolve("user/New.class"));
        Files.delete(classes.resolve("application.conf"));
        Path removed = packed(jars, classes);
        assertThat(List.of(first, changed, added, removed))
                .extracting(Digests::sha256)
                .doesNotHaveDuplicates();
        assertThat(first).hasBinaryContent(before);
    }

    /** The jar that a running job is being given must not change under its reader. */
    @Test
    void neverWritesOverAJarThatItGaveOut() throws Exception {
        Path other = temporary.resolve("other-classes");
        write(other, "user/Other.class", "other");
        List<Path> before = jars.of(List.of(classes, other));
        write(classes, "user/Job.class", "changed job");
        write(other, "user/Other.class", "changed other");
        List<Path> after = jars.of(List.of(classes, other));
        assertThat(after).hasSize(2).doesNotContainAnyElementsOf(before);
        write(classes, "user/Job.class", "changed again");
        assertThat(jars.of(List.of(classes, other)).get(0)).isNotIn(before).isNotIn(after);
    }

    @Test
    void keepsTheOrderOfTheNames() throws Exception {
        Path b = Files.writeString(temporary.resolve("b.jar"), "b");
        Path a = Files.writeString(temporary.resolve("a.jar"), "a");
        assertThat(jars.of(List.of(b, a))).containsExactly(a, b);
    }

    @Test
    void saysWhatCannotBePacked() throws Exception {
        Files.createSymbolicLink(classes.resolve("loop"), classes);
        assertThatThrownBy(() -> jars.of(List.of(classes)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("class directory " + classes + ": cannot be packed");
    }

    private static Path packed(UserJars jars, Path directory) {
        return jars.of(List.of(directory)).get(0);
    }

    private static void write(Path directory, String name, String content) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, content);
    }
}
