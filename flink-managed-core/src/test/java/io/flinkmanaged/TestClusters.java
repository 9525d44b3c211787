package io.flinkmanaged;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEventListener;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the tests of real clusters have in common. */
final class TestClusters {

    /** Longer than anything here takes on a loaded machine. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private TestClusters() {}

    static ClusterSpec spec(String name, Path storage) {
        return spec(name, Plans.TINY, storage);
    }

    static ClusterSpec spec(String name, Plan plan, Path storage) {
        return ClusterSpec.named(name)
                .plan(plan)
                .taskSlots(2)
                .checkpoints(Checkpointing.every(Duration.ofMillis(100)).to(FileStorage.at(storage)))
                .build();
    }

    /** Remembers every event. */
    static final class Diary implements ClusterEventListener {

        private final List<ClusterEvent> events = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(ClusterEvent event) {
            events.add(event);
        }

        <E extends ClusterEvent> List<E> of(Class<E> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        List<ClusterEvent> all() {
            return List.copyOf(events);
        }
    }
}
