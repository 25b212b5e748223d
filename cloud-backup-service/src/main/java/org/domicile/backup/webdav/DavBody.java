package org.domicile.backup.webdav;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** A request's body that nobody has begun to read yet. */
final class DavBody {
    private final RoutingContext context;
    private boolean taken;

    DavBody(RoutingContext context) {
        this.context = context;
    }

    /** Whether reading has begun, so that the request cannot be sent elsewhere any more. */
    boolean isTaken() {
        return taken;
    }

    /** @return the paused request, whose client has been told to go on */
    HttpServerRequest take() {
        taken = true;
        if ("100-continue".equalsIgnoreCase(context.request().getHeader("Expect"))) {
            context.response().writeContinue();
        }
        return context.request();
    }

    static Context contextOf(RoutingContext context) {
        var current = Vertx.currentContext();
        return current != null ? current : context.vertx().getOrCreateContext();
    }
}
