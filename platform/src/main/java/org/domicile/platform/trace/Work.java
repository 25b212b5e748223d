package org.domicile.platform.trace;

import io.opentelemetry.api.trace.SpanKind;

/** What a span may be of, besides a request; its name is this and which one of a fixed set, such as {@code task COPY}. */
public enum Work {
    /** A record of a topic. */
    CONSUME("consume", SpanKind.CONSUMER),
    /** What a command left a participant to do. */
    TASK("task", SpanKind.INTERNAL),
    /** A move entered a state. */
    MOVE("move", SpanKind.INTERNAL),
    /** Something for another region's migration-service. */
    DELIVER("deliver", SpanKind.CLIENT);

    private final String word;
    private final SpanKind kind;

    Work(String word, SpanKind kind) {
        this.word = word;
        this.kind = kind;
    }

    String named(String which) {
        return word + " " + which;
    }

    SpanKind kind() {
        return kind;
    }
}
