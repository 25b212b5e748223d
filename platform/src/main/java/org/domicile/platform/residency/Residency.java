package org.domicile.platform.residency;

import java.time.Instant;

/**
 * Where an account lives, as the residency directory says.
 *
 * @param epoch raised by every change of the directory row
 * @param previous the home before; the same as {@code home} for an account that never moved
 */
public record Residency(String home, long epoch, String previous, Instant since) {}
