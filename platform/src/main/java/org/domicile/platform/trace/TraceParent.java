package org.domicile.platform.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where a span belongs, as text (W3C Trace Context, {@code traceparent}): in rows of the outbox and of tasks, in a header of Kafka's
 * records, and in calls of peers. Only of what is traced: the rest costs nothing further on. Nothing else of the standard is used, as
 * {@code tracestate} and {@code baggage} carry free text.
 */
public final class TraceParent {
    public static final String HEADER = "traceparent";

    private static final Pattern FORM = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-01");
    private static final int TRACE_LENGTH = 32;
    private static final int SPAN_LENGTH = 16;

    private TraceParent() {}

    /** The current span; null if it is not traced. */
    public static String current() {
        var span = Span.current().getSpanContext();
        return span.isSampled() ? text(span.getTraceId(), span.getSpanId()) : null;
    }

    /** The trace whose id this is: all who know the id, in any region and after any crash, add to the same one. */
    public static String of(UUID id) {
        var hex = id.toString().replace("-", "");
        return text(hex, hex.substring(TRACE_LENGTH - SPAN_LENGTH));
    }

    /** @param text null and what is malformed are no parent */
    static Optional<SpanContext> parse(String text) {
        if (text == null) {
            return Optional.empty();
        }
        var parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(SpanContext.createFromRemoteParent(
                                parts.group(1), parts.group(2), TraceFlags.getSampled(), TraceState.getDefault()))
                        .filter(SpanContext::isValid)
                : Optional.empty();
    }

    private static String text(String trace, String span) {
        return "00-" + trace + "-" + span + "-01";
    }
}
