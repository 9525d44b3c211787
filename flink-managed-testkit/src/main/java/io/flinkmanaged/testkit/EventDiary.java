package io.flinkmanaged.testkit;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEventListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/** The last events of a cluster, at most {@value #MOST}. Thread-safe. */
final class EventDiary implements ClusterEventListener {

    static final int MOST = 2_000;

    private final Deque<ClusterEvent> events = new ArrayDeque<>();

    @Override
    public void onEvent(ClusterEvent event) {
        synchronized (events) {
            if (events.size() == MOST) {
                events.removeFirst();
            }
            events.add(event);
        }
    }

    List<ClusterEvent> all() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    List<ClusterEvent> since(Instant begin) {
        return all().stream().filter(event -> !event.at().isBefore(begin)).toList();
    }

    /** Returns events for people, a line each, with the milliseconds since a beginning. */
    static String timeline(List<ClusterEvent> events, Instant begin) {
        if (events.isEmpty()) {
            return "  nothing";
        }
        return events.stream()
                .map(event -> String.format(
                        "  %+8d ms  %s", Duration.between(begin, event.at()).toMillis(), event.text()))
                .collect(Collectors.joining("\n"));
    }
}
