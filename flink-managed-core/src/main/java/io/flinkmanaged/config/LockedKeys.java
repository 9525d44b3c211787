package io.flinkmanaged.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The keys that the library's promises depend on, each with what to do instead. */
final class LockedKeys {

    private static final Map<String, String> EXACT = new LinkedHashMap<>();
    private static final Map<String, String> FAMILIES = new LinkedHashMap<>();

    static {
        String state = "The library keeps each attempt's state in a directory of its own, so that recovery finds it. "
                + "Name the storage in ClusterSpec.checkpoints(…).";
        EXACT.put("execution.checkpointing.dir", state);
        EXACT.put("state.checkpoints.dir", state);
        EXACT.put("execution.checkpointing.savepoint-dir", state);
        EXACT.put("state.savepoints.dir", state);
        EXACT.put("execution.checkpointing.storage", state);
        EXACT.put("state.checkpoint-storage", state);
        String setting = "It has a setting of its own: ";
        EXACT.put("taskmanager.numberOfTaskSlots", setting + "use ClusterSpec.taskSlots(…).");
        EXACT.put("execution.checkpointing.interval", setting + "use Checkpointing.every(…).");
        EXACT.put("execution.checkpointing.timeout", setting + "use Checkpointing.timeout(…).");
        EXACT.put("execution.checkpointing.min-pause", setting + "use Checkpointing.minimumPause(…).");
        EXACT.put("execution.checkpointing.num-retained", setting + "use Checkpointing.retained(…).");
        EXACT.put("state.checkpoints.num-retained", setting + "use Checkpointing.retained(…).");
        EXACT.put("execution.checkpointing.unaligned.enabled", setting + "use Checkpointing.unaligned(…).");
        EXACT.put("execution.checkpointing.incremental", setting + "use Checkpointing.incremental(…).");
        EXACT.put(
                "execution.checkpointing.tolerable-failed-checkpoints",
                setting + "use Checkpointing.toleratedFailures(…).");
        EXACT.put("state.backend.type", setting + "use ClusterSpec.stateBackend(…), which memory is divided by.");
        FAMILIES.put("restart-strategy.", setting + "use ClusterSpec.restartStrategy(…).");
        String placed = "The launcher chooses it, so that clusters live side by side. "
                + "Ask ManagedCluster.webUi() for the address.";
        EXACT.put("rest.port", placed);
        EXACT.put("rest.bind-port", placed);
        String files = "The launcher keeps an epoch's files in one directory. "
                + "Name it with ManagedFlink.configure().workingDirectory(…).";
        EXACT.put("io.tmp.dirs", files);
        EXACT.put("web.tmpdir", files);
        EXACT.put("web.upload.dir", files);
        EXACT.put("execution.target", "Jobs are bound to this cluster. Use ManagedCluster.environment().");
        EXACT.put("execution.attached", "ManagedCluster.environment() waits in execute(), submit(…) does not.");
        EXACT.put("execution.state-recovery.path", "It would hold for every job. Set it in one job's configuration.");
        FAMILIES.put("high-availability.", "The launcher brings the high availability that it can keep.");
        FAMILIES.put("process.", files);
    }

    private LockedKeys() {}

    static Optional<KeyRule> ruleOf(String key) {
        Optional<String> reason = Optional.ofNullable(EXACT.get(key)).or(() -> FAMILIES.entrySet().stream()
                .filter(family -> key.startsWith(family.getKey()))
                .map(Map.Entry::getValue)
                .findFirst());
        return reason.map(text -> new KeyRule(KeyRule.Kind.LOCKED, text));
    }
}
