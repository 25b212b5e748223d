package org.domicile.platform.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.function.Function;

/**
 * Requests as spans, named by method and route: the route as the code declares it, never the path, which may be a capability or hold a
 * credential. Peers' {@code traceparent} is taken over; a client's is not, because a trace that strangers name could tie accounts
 * together. Sockets of devices, which last for days, are no spans.
 */
@ApplicationScoped
public class RequestTraces {
    private static final int BEFORE_ALL = Integer.MIN_VALUE;
    private static final int SERVER_ERROR = 500;
    /** Where Quarkus REST leaves a resource's {@code @Path}. */
    private static final String TEMPLATE = "UrlPathTemplate";

    private static final Set<String> METHODS = Set.of(
            "GET",
            "HEAD",
            "POST",
            "PUT",
            "DELETE",
            "PATCH",
            "OPTIONS",
            "PROPFIND",
            "PROPPATCH",
            "MKCOL",
            "COPY",
            "MOVE",
            "LOCK",
            "UNLOCK");

    private final boolean on;

    @Inject
    public RequestTraces(TracesConfig config) {
        this.on = config.endpoint().isPresent();
    }

    RequestTraces() {
        this.on = false;
    }

    void mount(@Observes Router router) {
        mount(router, context -> Context.root());
    }

    /** For the listener whose callers are believed. */
    public void mountForPeers(Router router) {
        mount(router, context -> TraceParent.parse(context.request().getHeader(TraceParent.HEADER))
                .map(parent -> Context.root().with(Span.wrap(parent)))
                .orElse(Context.root()));
    }

    private void mount(Router router, Function<RoutingContext, Context> parent) {
        if (on) {
            router.route().order(BEFORE_ALL).handler(context -> {
                if (isTraced(context)) {
                    begin(context, parent.apply(context));
                }
                context.next();
            });
        }
    }

    private static boolean isTraced(RoutingContext context) {
        var path = context.request().path();
        return (path == null || !path.startsWith("/q/"))
                && !context.request().headers().contains("Upgrade");
    }

    private static void begin(RoutingContext context, Context parent) {
        var method = method(context);
        var span = Traces.tracer()
                .spanBuilder(method)
                .setSpanKind(SpanKind.SERVER)
                .setParent(parent)
                .setAttribute(TraceFields.METHOD, method)
                .startSpan();
        if (span.getSpanContext().isSampled()) {
            // until the request is over, and with it the context
            Traces.enter(span);
            context.addEndHandler(over -> end(context, method, span));
        }
    }

    private static void end(RoutingContext context, String method, Span span) {
        var route = route(context);
        var status = context.response().getStatusCode();
        span.updateName(method + " " + route)
                .setAttribute(TraceFields.ROUTE, route)
                .setAttribute(TraceFields.STATUS, (long) status);
        if (status >= SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    private static String method(RoutingContext context) {
        var name = context.request().method().name();
        return METHODS.contains(name) ? name : "OTHER";
    }

    private static String route(RoutingContext context) {
        var request = (HttpServerRequestInternal) context.request();
        String template = request.context().getLocal(TEMPLATE);
        if (template != null) {
            return template;
        }
        var route = context.currentRoute();
        return route == null || route.getName() == null ? "none" : route.getName();
    }
}
