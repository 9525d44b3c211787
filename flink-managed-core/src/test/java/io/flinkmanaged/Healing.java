package io.flinkmanaged;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import java.util.ArrayList;
import java.util.List;

/**
 * What a library does until all is well.
 *
 * @param epochs how many epochs it begins
 * @param replaced how many TaskManagers it replaces
 * @param restarted how many other processes it starts again
 */
record Healing(int epochs, int replaced, int restarted) {

    /** It takes over what runs. */
    static final Healing NONE = new Healing(0, 0, 0);

    static final Healing NEW_EPOCH = new Healing(1, 0, 0);
    static final Healing TASK_MANAGER = new Healing(0, 1, 0);
    static final Healing PROCESS = new Healing(0, 0, 1);

    static Healing in(Diary diary) {
        return new Healing(
                diary.of(EpochStarted.class).size(),
                diary.of(TaskManagerReplaced.class).size(),
                diary.of(ProcessRestarted.class).size());
    }

    /** As a line of a file. */
    String toLine() {
        return epochs + " " + replaced + " " + restarted;
    }

    static Healing ofLine(String line) {
        String[] numbers = line.split(" ", -1);
        return new Healing(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]));
    }

    /** For people. */
    @Override
    public String toString() {
        List<String> done = new ArrayList<>();
        done.add(epochs > 0 ? "new epoch" : "taken over");
        if (replaced > 0) {
            done.add("TaskManager replaced");
        }
        if (restarted > 0) {
            done.add(restarted == 1 ? "process restarted" : restarted + " processes restarted");
        }
        return String.join(", ", done);
    }
}
