package org.domicile.platform.trace;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.quarkus.opentelemetry.runtime.QuarkusContextStorage;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * Work as spans. A span is current in the Vert.x context of its work, so that events, tasks, deliveries and calls of peers that come
 * of it carry it on. What has no parent that is traced is done as if there were no traces.
 */
public final class Traces {
    private Traces() {}

    /**
     * Does the work as a span, in the context that it is called in.
     *
     * @param parent {@link TraceParent}, or null
     * @param which one of a fixed set: a topic, a task, a state
     */
    public static <T> Uni<T> within(String parent, Work work, String which, Attributes about, Supplier<Uni<T>> body) {
        var trace = TraceParent.parse(parent);
        if (trace.isEmpty()) {
            return body.get();
        }
        return VertxContext.isOnDuplicatedContext()
                ? spanned(trace.get(), work, which, about, body)
                : elsewhere(() -> spanned(trace.get(), work, which, about, body));
    }

    /** The same for work that others run beside from the same context. */
    public static <T> Uni<T> apart(String parent, Work work, String which, Attributes about, Supplier<Uni<T>> body) {
        var trace = TraceParent.parse(parent);
        return trace.isEmpty() ? body.get() : elsewhere(() -> spanned(trace.get(), work, which, about, body));
    }

    /** Does the work in a context in which spans can be current, as a request's is and a timer's is not. */
    public static <T> Uni<T> inContext(Supplier<Uni<T>> body) {
        return VertxContext.isOnDuplicatedContext() ? body.get() : elsewhere(body);
    }

    private static <T> Uni<T> elsewhere(Supplier<Uni<T>> body) {
        var own = VertxContext.createNewDuplicatedContext();
        if (own == null) {
            return body.get();
        }
        VertxContextSafetyToggle.setContextSafe(own, true);
        return Uni.createFrom()
                .emitter(emitter -> own.runOnContext(v -> Uni.createFrom()
                        .<T>deferred(() -> body.get())
                        .subscribe()
                        .with(emitter::complete, emitter::fail)));
    }

    private static <T> Uni<T> spanned(
            SpanContext parent, Work work, String which, Attributes about, Supplier<Uni<T>> body) {
        return Uni.createFrom().deferred(() -> {
            var span = tracer().spanBuilder(work.named(which))
                    .setSpanKind(work.kind())
                    .setParent(Context.root().with(Span.wrap(parent)))
                    .setAllAttributes(about)
                    .startSpan();
            var scope = enter(span);
            return Uni.createFrom()
                    .<T>deferred(() -> body.get())
                    .onTermination()
                    .invoke((item, failure, cancelled) -> {
                        scope.close();
                        end(span, failure);
                    });
        });
    }

    /** Makes the span current in the Vert.x context of a request or message; elsewhere it would leak into other work. */
    static Scope enter(Span span) {
        return VertxContext.isOnDuplicatedContext()
                ? QuarkusContextStorage.INSTANCE.attach(
                        Vertx.currentContext(), Context.root().with(span))
                : Scope.noop();
    }

    static void end(Span span, Throwable failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR)
                    .setAttribute(TraceFields.ERROR, failure.getClass().getName());
        }
        span.end();
    }

    static Tracer tracer() {
        return GlobalOpenTelemetry.getTracer("org.domicile");
    }
}
