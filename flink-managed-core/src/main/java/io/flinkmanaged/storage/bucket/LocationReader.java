package io.flinkmanaged.storage.bucket;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.StorageLocation;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads a location's URI and options and collects everything that is wrong with them: each method returns a usable value
 * whatever it finds, and {@link #requireSound} throws. Never shows what may be a secret. Not thread-safe.
 */
public final class LocationReader {

    private final StorageLocation location;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Begins to read.
     *
     * @param location what is read
     */
    public LocationReader(StorageLocation location) {
        this.location = location;
    }

    /**
     * Throws if something was wrong.
     *
     * @throws InvalidInputException with all of it
     */
    public void requireSound() {
        if (!findings.isEmpty()) {
            throw new InvalidInputException("storage " + location.uri(), findings);
        }
    }

    /**
     * Complains of options that the adapter does not have, without their values.
     *
     * @param known the options' names
     */
    public void refuseUnknown(Collection<String> known) {
        location.options().keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(key -> complain(
                        "option " + key,
                        "…",
                        "one of " + String.join(", ", new TreeSet<>(known)),
                        "Remove it, or correct its name."));
    }

    /**
     * Reads the URI: bucket and prefix, and nothing more.
     *
     * @param brokenByBucket returns the constraint that a bucket's name breaks, if it breaks one
     */
    public BucketAddress address(Function<String, Optional<String>> brokenByBucket) {
        URI uri = location.uri();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            complain(
                    "storage URI",
                    uri.toString(),
                    location.scheme() + "://bucket/prefix without ? and #",
                    "Move options to the options.");
        }
        String bucket = Optional.ofNullable(uri.getRawAuthority()).orElse("");
        brokenByBucket
                .apply(bucket)
                .ifPresent(expected -> complain("bucket", bucket, expected, "Use a bucket with such a name."));
        String path = Optional.ofNullable(uri.getRawPath()).orElse("");
        String prefix = path.startsWith("/") ? path.substring(1) : path;
        BucketNames.brokenByPrefix(prefix)
                .ifPresent(expected -> complain("prefix", prefix, expected, "Leave out other characters."));
        return new BucketAddress(location.scheme(), bucket, prefix);
    }

    /**
     * Returns an option as it is written.
     *
     * @param option its name
     */
    public Optional<String> text(String option) {
        return Optional.ofNullable(location.options().get(option));
    }

    /**
     * Returns an option, if it is good.
     *
     * @param option its name
     * @param broken returns the constraint that a value breaks, if it breaks one
     * @param remedy what a person can do: a sentence
     */
    public Optional<String> judged(String option, Function<String, Optional<String>> broken, String remedy) {
        Optional<String> value = text(option);
        value.flatMap(broken).ifPresent(expected -> complain(option, value.orElse(""), expected, remedy));
        return value.filter(text -> broken.apply(text).isEmpty());
    }

    /**
     * Returns a secret's reference.
     *
     * @param option its name
     */
    public Optional<SecretRef> reference(String option) {
        Optional<SecretRef> reference = text(option).flatMap(SecretRef::parse);
        if (text(option).isPresent() && reference.isEmpty()) {
            complain(
                    option,
                    "…",
                    "a secret's reference, never the secret",
                    "Write ${secret:env:NAME} or ${secret:file:/path}, and change a secret that was written down.");
        }
        return reference;
    }

    /**
     * Returns a yes or no.
     *
     * @param option its name
     * @param otherwise if it is not set
     */
    public boolean flag(String option, boolean otherwise) {
        Optional<String> value = text(option);
        value.filter(word -> !word.equals("true") && !word.equals("false"))
                .ifPresent(word -> complain(option, word, "true or false", "Use one of these words."));
        return value.map("true"::equals).orElse(otherwise);
    }

    /**
     * Returns a number.
     *
     * @param option its name
     * @param otherwise if it is not set
     * @param least the least that is good
     * @param most the most that is good
     */
    public int number(String option, int otherwise, int least, int most) {
        return bounded(option, otherwise, least, most, Integer::valueOf);
    }

    /**
     * Returns a duration, written as ISO 8601 has it: {@code PT10S}.
     *
     * @param option its name
     * @param otherwise if it is not set
     * @param least the shortest that is good
     * @param most the longest that is good
     */
    public Duration duration(String option, Duration otherwise, Duration least, Duration most) {
        return bounded(option, otherwise, least, most, Duration::parse);
    }

    private <T extends Comparable<T>> T bounded(
            String option, T otherwise, T least, T most, Function<String, T> reading) {
        Optional<String> value = text(option);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            T read = reading.apply(value.get());
            if (read.compareTo(least) >= 0 && read.compareTo(most) <= 0) {
                return read;
            }
        } catch (NumberFormatException | DateTimeParseException e) {
            // The same complaint.
        }
        complain(option, value.get(), least + ".." + most, "The default is " + otherwise + ".");
        return otherwise;
    }

    /**
     * Adds a complaint.
     *
     * @param subject what is wrong
     * @param value the offending value; {@code …} in the place of a secret
     * @param expected the constraint
     * @param remedy what to do: a sentence
     */
    public void complain(String subject, String value, String expected, String remedy) {
        findings.add(new Finding(subject, value, expected, remedy));
    }
}
