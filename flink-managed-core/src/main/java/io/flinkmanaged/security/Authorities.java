package io.flinkmanaged.security;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The authority of a cluster for one purpose, as its generations lie in a directory: all that are there are trusted, one
 * signs. State is in the files alone, so any process may go on where another stopped.
 */
final class Authorities {

    private static final Pattern GENERATION = Pattern.compile("[1-9][0-9]{0,8}");

    private final Path directory;
    private final ClusterName cluster;
    private final Purpose purpose;
    private final TimeSource time;

    /** Nothing is read or made yet. */
    Authorities(Path directory, ClusterName cluster, Purpose purpose, TimeSource time) {
        this.directory = directory;
        this.cluster = cluster;
        this.purpose = purpose;
        this.time = time;
    }

    /** Makes the generation that signs, unless it is there. Whoever lives has been told of another one, and refuses it. */
    void createIfAbsent() {
        file(chosenToSign()).createIfAbsent(time);
    }

    /** Returns how far a rotation has come. */
    Rotation rotation() {
        int signing = signingGeneration();
        List<Integer> generations = generations();
        if (generations.size() == 1) {
            return Rotation.SETTLED;
        }
        return signing == last(generations) ? Rotation.SWITCHED : Rotation.INTRODUCED;
    }

    /** Takes the step from a state to the next; does nothing if it was taken already. */
    Rotation advance(Rotation from) {
        if (rotation() == from) {
            int newest = last(generations());
            switch (from) {
                case SETTLED -> file(newest + 1).createIfAbsent(time);
                case INTRODUCED ->
                    PrivateFiles.replace(signingFile(), Integer.toString(newest).getBytes(StandardCharsets.UTF_8));
                case SWITCHED ->
                    generations().stream()
                            .filter(generation -> generation < newest)
                            .forEach(this::delete);
            }
        }
        return rotation();
    }

    /** Returns the generation that issues certificates. */
    CertificateAuthority signing() {
        AuthorityFile file = file(signingGeneration());
        CertificateAuthority authority = file.read();
        if (!authority.expires().isAfter(time.now())) {
            throw InvalidInputException.of(
                    "certificate authority " + file.path(),
                    "expired on " + authority.expires(),
                    "one that holds",
                    "Terminate the cluster, delete the file and launch again. Rotate the next one before it expires.");
        }
        return authority;
    }

    /** Returns every generation's certificate, oldest first. */
    List<X509Certificate> trusted() {
        return generations().stream()
                .map(generation -> file(generation).read().certificate())
                .toList();
    }

    /** One that is lost is not made anew here, and no other one signs in its place: those who live would refuse both. */
    private int signingGeneration() {
        int chosen = chosenToSign();
        PrivateFiles.requireStillThere("certificate authority", file(chosen).path());
        return chosen;
    }

    /** Before the first rotation nothing says which, and there is one. */
    private int chosenToSign() {
        if (Files.exists(signingFile())) {
            String text = PrivateFiles.read(signingFile());
            if (GENERATION.matcher(text).matches()) {
                return Integer.parseInt(text);
            }
        }
        return generations().stream().findFirst().orElse(1);
    }

    private List<Integer> generations() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        Pattern name = Pattern.compile(purpose + "-(" + GENERATION + ")\\.pem");
        List<Integer> generations = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Matcher matcher = name.matcher(String.valueOf(file.getFileName()));
                if (matcher.matches()) {
                    generations.add(Integer.valueOf(matcher.group(1)));
                }
            }
        } catch (IOException e) {
            throw PrivateFiles.failure("directory " + directory, "cannot be listed", e);
        }
        return generations.stream().sorted().toList();
    }

    private void delete(int generation) {
        try {
            Files.deleteIfExists(file(generation).path());
        } catch (IOException e) {
            throw PrivateFiles.failure("file " + file(generation).path(), "cannot be deleted", e);
        }
    }

    private AuthorityFile file(int generation) {
        return AuthorityFile.in(directory, cluster, purpose, generation);
    }

    private Path signingFile() {
        return directory.resolve(purpose + ".signing");
    }

    private static int last(List<Integer> generations) {
        return generations.get(generations.size() - 1);
    }
}
