package org.domicile.migration.wave;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/** A state that a wave entered, and when. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WaveStep(WaveState state, Instant at, String reason) {}
