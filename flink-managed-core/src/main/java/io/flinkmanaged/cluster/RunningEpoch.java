package io.flinkmanaged.cluster;

import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.render.RenderedCluster;

/**
 * A life of a cluster's processes that has begun and has not been ended.
 *
 * @param epoch its number
 * @param rendered what was decided about it
 * @param launched the launcher's handle
 */
public record RunningEpoch(Epoch epoch, RenderedCluster rendered, LaunchedCluster launched) {}
