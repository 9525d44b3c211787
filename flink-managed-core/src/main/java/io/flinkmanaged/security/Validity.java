package io.flinkmanaged.security;

import java.time.Instant;

/**
 * How long certificates hold.
 *
 * @param renewAt when whoever has them should be given new ones: the last third of their life is for whoever has to
 *     arrange that
 * @param expires from when on they are refused
 */
public record Validity(Instant renewAt, Instant expires) {}
