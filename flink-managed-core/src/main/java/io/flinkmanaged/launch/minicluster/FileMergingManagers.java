package io.flinkmanaged.launch.minicluster;

import java.lang.reflect.Field;
import org.apache.flink.runtime.state.TaskExecutorFileMergingManager;
import org.apache.flink.runtime.taskexecutor.TaskExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shuts down what Flink 2.3.0 forgets when a TaskExecutor ends: its file-merging manager, which otherwise leaves a
 * shutdown hook in this JVM for each TaskManager there ever was.
 *
 * <p>Flink gives no way to it but the private field. If a later version has no such field, nothing is done; the test
 * that counts shutdown hooks tells whether that is right.
 */
final class FileMergingManagers {

    private static final Logger LOG = LoggerFactory.getLogger(FileMergingManagers.class);

    private FileMergingManagers() {}

    static void shutDown(TaskExecutor ended) {
        try {
            Field field = TaskExecutor.class.getDeclaredField("fileMergingManager");
            field.setAccessible(true);
            if (field.get(ended) instanceof TaskExecutorFileMergingManager manager) {
                manager.shutdown();
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("A shutdown hook of a TaskExecutor stays behind.", e);
        }
    }
}
