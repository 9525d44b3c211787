package io.flinkmanaged;

import io.flinkmanaged.config.Policies;
import io.flinkmanaged.config.PolicyStatement;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.LockGranted;
import io.flinkmanaged.event.ClusterEvent.SpecAdvised;
import io.flinkmanaged.event.ClusterEvent.SpecNotKept;
import io.flinkmanaged.flink.RocksDb;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.render.ClusterRenderer;
import io.flinkmanaged.render.NodeMemory;
import io.flinkmanaged.render.StateSizeAdvice;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.InvalidSpecException;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.storage.StorageProviders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Judges a spec against all that is known where it would run; asks nothing that takes time. */
final class SpecCheck {

    private final Policies policies;
    private final StorageProviders storages;
    private final ClusterLauncher launcher;
    private final boolean strict;

    SpecCheck(Policies policies, StorageProviders storages, ClusterLauncher launcher, boolean strict) {
        this.policies = policies;
        this.storages = storages;
        this.launcher = launcher;
        this.strict = strict;
    }

    /** Returns the advice on a spec that has no error. */
    List<Finding> require(ClusterSpec spec) {
        List<Finding> findings = judge(spec);
        if (findings.stream().anyMatch(Finding::isError)) {
            throw new InvalidSpecException(spec.name().value(), findings);
        }
        return findings;
    }

    /** Returns every finding, errors first. */
    List<Finding> judge(ClusterSpec spec) {
        List<Finding> findings = new ArrayList<>(spec.findings(policies));
        findings.addAll(policies.judge(ClusterRenderer.withoutPlacement(spec).with(policies.settings())));
        spec.checkpoints().map(Checkpointing::location).flatMap(storages::judge).ifPresent(findings::add);
        if (spec.stateBackend() == StateBackend.ROCKSDB
                && !RocksDb.isKnownTo(getClass().getClassLoader())) {
            findings.add(new Finding(
                    "stateBackend",
                    "ROCKSDB",
                    "org.apache.flink:flink-statebackend-rocksdb on the class path",
                    "It was excluded from flink-managed-core's dependencies: let it in again."));
        }
        Optional<Finding> memory = NodeMemory.judge(spec);
        if (memory.isPresent()) {
            findings.add(memory.get());
        } else {
            spec.checkpoints()
                    .flatMap(checkpoints -> storages.limits(checkpoints.location()))
                    .ifPresent(limits -> findings.addAll(StateSizeAdvice.of(spec, limits)));
        }
        findings.addAll(launcher.judge(spec));
        if (strict) {
            findings.addAll(launcher.unkept(spec));
        }
        return Stream.concat(
                        findings.stream().filter(Finding::isError),
                        findings.stream().filter(finding -> !finding.isError()))
                .toList();
    }

    /**
     * Returns what is to be told when a spec is launched. A spec that an operated cluster has run with for long is launched
     * whatever a policy says by now: what would be refused today is told instead.
     */
    List<ClusterEvent> events(ClusterSpec spec, Instant now) {
        String name = spec.name().value();
        List<ClusterEvent> events = new ArrayList<>();
        for (String key : spec.overrides().keySet()) {
            policies.grantOf(key).ifPresent(grant -> events.add(granted(name, now, key, grant)));
        }
        for (Finding finding : judge(spec)) {
            events.add(
                    finding.isError()
                            ? new SpecNotKept(name, now, "in force, though it would be refused today: " + finding)
                            : new SpecAdvised(name, now, finding.toString()));
        }
        if (!strict) {
            launcher.unkept(spec).forEach(finding -> events.add(new SpecNotKept(name, now, finding.toString())));
        }
        return events;
    }

    private static LockGranted granted(String cluster, Instant now, String key, PolicyStatement grant) {
        return new LockGranted(cluster, now, key, grant.policy(), grant.reason());
    }
}
