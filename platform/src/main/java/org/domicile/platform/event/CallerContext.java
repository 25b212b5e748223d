package org.domicile.platform.event;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;

/** What was waited for elsewhere goes on where it was asked for: a request is answered on its own event loop. */
public final class CallerContext {
    private CallerContext() {}

    /** @return the same on the Vert.x context of the thread that calls this; unchanged if it has none */
    public static <T> Uni<T> back(Uni<T> waited) {
        var here = Vertx.currentContext();
        return here == null ? waited : waited.emitOn(task -> here.runOnContext(v -> task.run()));
    }
}
