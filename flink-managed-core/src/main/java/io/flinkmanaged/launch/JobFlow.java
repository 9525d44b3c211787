package io.flinkmanaged.launch;

import java.time.Duration;

/**
 * What has flowed through a job's tasks since they were started, all of them together, as Flink's metrics tell: some seconds old,
 * and from zero again after a restart.
 *
 * @param recordsRead how many records tasks have read from others; of a source none
 * @param recordsWritten how many they have sent to others; of a sink none
 * @param backPressured how long tasks could not send because others were busy; time of each task, so it may pass faster than a
 *     clock
 * @param idle how long tasks had nothing to do
 */
public record JobFlow(long recordsRead, long recordsWritten, Duration backPressured, Duration idle) {}
