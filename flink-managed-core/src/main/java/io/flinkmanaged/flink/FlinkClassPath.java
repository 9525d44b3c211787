package io.flinkmanaged.flink;

import java.security.CodeSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Public;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.datastream.api.ExecutionEnvironment;
import org.apache.flink.datastream.impl.ExecutionEnvironmentImpl;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** What a job need not bring: Flink, which every node has on its class path, and this library, which its code does not need. */
final class FlinkClassPath {

    /** One class of each jar: flink-core, -core-api, -annotations, -metrics-core, -runtime, -clients, … and our own. */
    private static final Set<String> LOCATIONS = List.of(
                    Public.class,
                    TypeInformation.class,
                    org.apache.flink.api.common.functions.Function.class,
                    Metric.class,
                    MiniCluster.class,
                    ClusterClient.class,
                    DiscardingSink.class,
                    BucketAssigner.class,
                    ExecutionEnvironment.class,
                    ExecutionEnvironmentImpl.class,
                    DataGeneratorSource.class,
                    FlinkClassPath.class)
            .stream()
            .map(FlinkClassPath::location)
            .flatMap(Optional::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** Packages of Flink's that are in many jars and are nobody else's. */
    private static final List<String> INTERNAL = List.of(
            "org.apache.flink.runtime.",
            "org.apache.flink.shaded.",
            "org.apache.flink.queryablestate.",
            "org.apache.flink.state.rocksdb.",
            "org.apache.flink.contrib.streaming.state.");

    private FlinkClassPath() {}

    /** Returns whether a class is of Flink's own distribution or of this library. */
    static boolean contains(Class<?> type) {
        return INTERNAL.stream().anyMatch(type.getName()::startsWith)
                || location(type).filter(LOCATIONS::contains).isPresent();
    }

    /** Returns whether a class is of this library, which only this JVM has. */
    static boolean isOfLibrary(Class<?> type) {
        return location(type).equals(location(FlinkClassPath.class));
    }

    private static Optional<String> location(Class<?> type) {
        return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
                .map(CodeSource::getLocation)
                .filter(Objects::nonNull)
                .map(Object::toString);
    }
}
