package org.domicile.platform.logging;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.regex.Pattern;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * One line of JSON a record: {@code at} (ISO 8601), {@code level}, {@code region}, {@code service}, {@code trace}, {@code logger}, {@code event}, the
 * members of {@code event key=value …} as {@code fields}, and {@code stack}. What happened is always the same words, what it happened
 * to is in the fields, whose names are a fixed vocabulary ({@code docs/logs.md}).
 */
final class JsonLogFormatter extends ExtFormatter {
    private static final Pattern FIELDS = Pattern.compile("^(.*?)((?: [a-zA-Z]+=.*)?)$", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile(" ([a-zA-Z]+)=(.*?)(?= [a-zA-Z]+=|$)", Pattern.DOTALL);

    private final String region;
    private final String service;

    /** Takes the names at once: what is logged last is logged when there is no container any more. */
    JsonLogFormatter(ServiceIdentity identity) {
        this.region = identity.region();
        this.service = identity.service();
    }

    @Override
    public String format(ExtLogRecord logged) {
        var text = logged.getFormattedMessage();
        var line = new JsonObject()
                .put("at", Instant.ofEpochMilli(logged.getMillis()).toString())
                .put("level", logged.getLevel().getName())
                .put("region", region)
                .put("service", service)
                .put("logger", logged.getLoggerName());
        var trace = logged.getMdc("traceId");
        if (trace != null) {
            line.put("trace", trace);
        }
        if (isOurs(logged)) {
            split(text, line);
        } else {
            line.put("event", text);
        }
        if (logged.getThrown() != null) {
            line.put("stack", stack(logged.getThrown()));
        }
        return line.encode() + "\n";
    }

    private static boolean isOurs(ExtLogRecord logged) {
        return logged.getLoggerName() != null && logged.getLoggerName().startsWith("org.domicile.");
    }

    private static void split(String text, JsonObject line) {
        var parts = FIELDS.matcher(text == null ? "" : text);
        if (!parts.matches() || parts.group(2).isEmpty()) {
            line.put("event", text);
            return;
        }
        var fields = new JsonObject();
        var field = FIELD.matcher(parts.group(2));
        while (field.find()) {
            fields.put(field.group(1), field.group(2));
        }
        line.put("event", parts.group(1)).put("fields", fields);
    }

    private static String stack(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
