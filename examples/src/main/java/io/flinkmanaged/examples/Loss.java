package io.flinkmanaged.examples;

import java.util.Optional;

/**
 * What was lost on the way, and how it came back.
 *
 * @param replay how far back the job went
 * @param recovery how it was healed; empty if nothing was lost
 */
record Loss(Replay replay, Optional<Recovery> recovery) {}
