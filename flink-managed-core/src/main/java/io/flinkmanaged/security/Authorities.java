package io.flinkmanaged.security;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    private final Path directory;
    private final ClusterName cluster;
    private final Purpose purpose;
    private final TimeSource time;

    private Authorities(Path directory, ClusterName cluster, Purpose purpose, TimeSource time) {
        this.directory = directory;
        this.cluster = cluster;
        this.purpose = purpose;
        this.time = time;
    }

    /** Finds the authority, or makes its first generation. */
    static Authorities open(Path directory, ClusterName cluster, Purpose purpose, TimeSource time) {
        Authorities authorities = new Authorities(directory, cluster, purpose, time);
        if (authorities.generations().isEmpty()) {
            authorities.file(1).createIfAbsent(time);
        }
        return authorities;
    }

    /** Returns how far a rotation has come. */
    Rotation rotation() {
        List<Integer> generations = generations();
        if (generations.size() == 1) {
            return Rotation.SETTLED;
        }
        return signingGeneration() == last(generations) ? Rotation.SWITCHED : Rotation.INTRODUCED;
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

    private int signingGeneration() {
        List<Integer> generations = generations();
        if (generations.isEmpty()) {
            throw InvalidInputException.of(
                    "certificate authority " + file(1).path(),
                    "gone",
                    "the file that was there before",
                    "Restore it from a copy, or terminate the cluster and launch it again.");
        }
        if (generations.size() == 1 || !Files.exists(signingFile())) {
            return generations.get(0);
        }
        String text = PrivateFiles.read(signingFile());
        return generations.stream()
                .filter(generation -> text.equals(generation.toString()))
                .findFirst()
                .orElse(generations.get(0));
    }

    private List<Integer> generations() {
        Pattern name = Pattern.compile(purpose + "-([1-9][0-9]{0,8})\\.pem");
        List<Integer> generations = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Matcher matcher = name.matcher(String.valueOf(file.getFileName()));
                if (matcher.matches()) {
                    generations.add(Integer.valueOf(matcher.group(1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + directory, e);
        }
        return generations.stream().sorted().toList();
    }

    private void delete(int generation) {
        try {
            Files.deleteIfExists(file(generation).path());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + file(generation).path(), e);
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
