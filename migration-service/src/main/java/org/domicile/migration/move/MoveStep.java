package org.domicile.migration.move;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/** A state that a move entered, and when. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record MoveStep(MoveState state, Instant at, String reason) {}
