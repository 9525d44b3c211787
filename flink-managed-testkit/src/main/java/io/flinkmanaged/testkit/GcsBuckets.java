package io.flinkmanaged.testkit;

import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.testkit.GcsObject.Attributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** Buckets with their objects, in memory. Thread-safe: each call happens at once. */
final class GcsBuckets {

    private final TimeSource time;
    private final Map<String, Bucket> buckets = new TreeMap<>();
    private long lastGeneration;

    GcsBuckets(TimeSource time) {
        this.time = time;
        this.lastGeneration = microseconds(time.now());
    }

    /** Creates a bucket, with settings as Google's API takes them; returns its resource. */
    synchronized ObjectNode create(String name, ObjectNode settings) {
        GcsNames.requireBucket(name);
        if (buckets.containsKey(name)) {
            throw new GcsRefusal(409, "conflict", "Your previous request to create the named bucket succeeded.");
        }
        buckets.put(name, new Bucket(settings, new TreeMap<>()));
        return resource(name);
    }

    /** Returns a bucket's resource. */
    synchronized ObjectNode resource(String name) {
        return GcsJson.ofBucket(name, bucket(name).settings());
    }

    /** Sets settings of a bucket beside those it has. */
    synchronized void set(String name, ObjectNode settings) {
        bucket(name).settings().setAll(settings);
    }

    synchronized Optional<GcsObject> find(String bucket, String name) {
        return Optional.ofNullable(bucket(bucket).objects().get(name));
    }

    synchronized GcsObject get(String bucket, String name, Optional<Long> generation) {
        return find(bucket, name)
                .filter(object ->
                        generation.map(wanted -> wanted == object.generation()).orElse(true))
                .orElseThrow(() -> GcsRefusal.noObject(bucket, name));
    }

    /** Returns all objects of a bucket in the order of their names. */
    synchronized NavigableMap<String, GcsObject> objects(String bucket) {
        return new TreeMap<>(bucket(bucket).objects());
    }

    synchronized GcsObject put(
            String bucket, String name, GcsContent content, Attributes attributes, GcsConditions conditions) {
        NavigableMap<String, GcsObject> objects = bucket(bucket).objects();
        GcsNames.requireObject(name);
        conditions.require(objects.get(name));
        Instant now = time.now();
        lastGeneration = Math.max(lastGeneration + 1, microseconds(now));
        GcsObject object = GcsObject.create(bucket, name, content, attributes, lastGeneration, now);
        objects.put(name, object);
        return object;
    }

    /** Makes one object of several; their conditions are judged at the same moment. */
    synchronized GcsObject compose(
            String bucket, String name, List<Component> components, Attributes attributes, GcsConditions conditions) {
        List<GcsContent> parts = new ArrayList<>();
        for (Component component : components) {
            GcsObject source = get(bucket, component.name(), component.generation());
            component.conditions().require(source);
            parts.add(source.content());
        }
        return put(bucket, name, GcsContent.composed(parts), attributes, conditions);
    }

    synchronized GcsObject update(
            String bucket, String name, UnaryOperator<Attributes> change, GcsConditions conditions) {
        GcsObject object = get(bucket, name, Optional.empty());
        conditions.require(object);
        GcsObject updated = object.with(change.apply(object.attributes()), time.now());
        bucket(bucket).objects().put(name, updated);
        return updated;
    }

    synchronized void delete(String bucket, String name, Optional<Long> generation, GcsConditions conditions) {
        GcsObject object = get(bucket, name, generation);
        conditions.require(object);
        bucket(bucket).objects().remove(name);
    }

    private Bucket bucket(String name) {
        return Optional.ofNullable(buckets.get(name)).orElseThrow(() -> {
            GcsNames.requireBucket(name);
            return new GcsRefusal(404, "notFound", "The specified bucket does not exist.");
        });
    }

    private static long microseconds(Instant instant) {
        return instant.toEpochMilli() * 1000;
    }

    /**
     * An object that becomes part of another.
     *
     * @param name its name
     * @param generation which generation of it; the last, if this is empty
     * @param conditions what is demanded of it
     */
    record Component(String name, Optional<Long> generation, GcsConditions conditions) {}

    private record Bucket(ObjectNode settings, NavigableMap<String, GcsObject> objects) {}
}
