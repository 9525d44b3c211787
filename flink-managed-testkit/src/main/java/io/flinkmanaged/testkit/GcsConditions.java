package io.flinkmanaged.testkit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request demands of an object before it is carried out.
 *
 * @param generation of this generation; 0 for absence
 * @param notGeneration of another generation
 * @param metageneration of this metageneration
 * @param notMetageneration of another metageneration
 */
record GcsConditions(
        Optional<Long> generation,
        Optional<Long> notGeneration,
        Optional<Long> metageneration,
        Optional<Long> notMetageneration) {

    static final GcsConditions NONE = ofGeneration(Optional.empty());

    static GcsConditions of(GcsCall call) {
        return new GcsConditions(
                number(call, "ifGenerationMatch"),
                number(call, "ifGenerationNotMatch"),
                number(call, "ifMetagenerationMatch"),
                number(call, "ifMetagenerationNotMatch"));
    }

    /** Returns what demands a generation at most. */
    static GcsConditions ofGeneration(Optional<Long> generation) {
        return new GcsConditions(generation, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What a copy demands of the object that is copied. */
    static GcsConditions ofSource(GcsCall call) {
        return new GcsConditions(
                number(call, "ifSourceGenerationMatch"),
                number(call, "ifSourceGenerationNotMatch"),
                number(call, "ifSourceMetagenerationMatch"),
                number(call, "ifSourceMetagenerationNotMatch"));
    }

    static Optional<Long> number(GcsCall call, String parameter) {
        try {
            return call.parameter(parameter).map(Long::valueOf);
        } catch (NumberFormatException e) {
            throw GcsRefusal.invalid("Invalid value for " + parameter + ".");
        }
    }

    /** Refuses a change for which the object is not as demanded. */
    void require(@Nullable GcsObject found) {
        if (!holdFor(found)) {
            throw new GcsRefusal(
                    412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
        }
    }

    /** Returns whether a reader knows this object already (status 304). */
    boolean isKnown(GcsObject found) {
        return notGeneration.equals(Optional.of(found.generation()))
                || notMetageneration.equals(Optional.of(found.metageneration()));
    }

    boolean holdFor(@Nullable GcsObject found) {
        long seen = found == null ? 0 : found.generation();
        return generation.map(wanted -> wanted == seen).orElse(true)
                && notGeneration.map(unwanted -> unwanted != seen).orElse(true)
                && metageneration
                        .map(wanted -> found != null && wanted == found.metageneration())
                        .orElse(true)
                && notMetageneration
                        .map(unwanted -> found == null || unwanted != found.metageneration())
                        .orElse(true);
    }
}
