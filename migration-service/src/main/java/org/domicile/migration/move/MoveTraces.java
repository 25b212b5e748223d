package org.domicile.migration.move;

import io.opentelemetry.api.common.Attributes;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Supplier;
import org.domicile.platform.trace.TraceFields;
import org.domicile.platform.trace.TraceParent;
import org.domicile.platform.trace.Traces;
import org.domicile.platform.trace.TracesConfig;
import org.domicile.platform.trace.Work;

/** All that is done for one move is one trace, in both regions and however long it takes: the trace's id is the move's. */
@ApplicationScoped
public class MoveTraces {
    private final boolean on;

    @Inject
    public MoveTraces(TracesConfig config) {
        this.on = config.endpoint().isPresent();
    }

    MoveTraces() {
        this.on = false;
    }

    /** Does what may take moves on where their spans can be current. */
    <T> Uni<T> inContext(Supplier<Uni<T>> work) {
        return on ? Traces.inContext(work) : work.get();
    }

    /** Does a step of the move as a span of its trace. @param move as the step leaves it */
    <T> Uni<T> step(Move move, Supplier<Uni<T>> work) {
        return on
                ? Traces.within(
                        TraceParent.of(move.id()), Work.MOVE, move.state().name(), about(move), work)
                : work.get();
    }

    private static Attributes about(Move move) {
        return Attributes.of(
                TraceFields.MOVE,
                move.id().toString(),
                TraceFields.ACCOUNT,
                move.account().toString(),
                TraceFields.FROM,
                move.source(),
                TraceFields.TO,
                move.target());
    }
}
