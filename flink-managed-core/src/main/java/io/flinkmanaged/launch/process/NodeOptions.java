package io.flinkmanaged.launch.process;

import io.flinkmanaged.render.AllowedSources;

/**
 * What is chosen for all nodes of a launcher.
 *
 * @param distribution the Flink that nodes run
 * @param traffic how nodes speak to each other and to those who use them, from the next launch on
 * @param witnesses whether an epoch's election is told of deaths that are certain
 * @param sharesClasses whether archives of classes are made, with which JVMs start sooner
 * @param keepsStandbys whether the processes of a single node have others that are prepared to take their place
 * @param allowed who outside a cluster reaches it through its nodes' firewalls, from the next start of a process on
 */
public record NodeOptions(
        FlinkDistribution distribution,
        Traffic traffic,
        boolean witnesses,
        boolean sharesClasses,
        boolean keepsStandbys,
        AllowedSources allowed) {}
