package org.domicile.account.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.domicile.platform.testing.TraceReceiver;
import org.domicile.platform.testing.TraceReceiver.Seen;
import org.domicile.platform.testing.Wait;

/**
 * What the service under test says to its database, request by request. Each statement is a span below its request's: whatever runs
 * by the clock, or comes of an event, is below none, and cannot be taken for a request's work.
 */
public final class Statements implements QuarkusTestResourceLifecycleManager {
    private static final String TEXT = "db.statement";

    private static TraceReceiver receiver;

    @Override
    public Map<String, String> start() {
        receiver = new TraceReceiver();
        return Map.of(
                "domicile.traces.endpoint", receiver.endpoint().toString(),
                "quarkus.otel.bsp.schedule.delay", "50ms",
                "quarkus.otel.instrument.vertx-sql-client", "true");
    }

    @Override
    public void stop() {
        receiver.close();
    }

    /**
     * Does the work and then waits for the requests that it made.
     *
     * @param request as its span is named, such as {@code GET /v1/me}
     * @return for every such request its statements, sorted: those to several regions go out together
     */
    public static List<List<String>> of(String request, Runnable work) {
        var before = new HashSet<>(spans(s -> s.name().equals(request)));
        work.run();
        // spans come in the order in which they end, so all of a request's are there when its own is
        Wait.until(
                request + " is seen", () -> spans(s -> s.name().equals(request)).size() > before.size());
        return spans(s -> s.name().equals(request)).stream()
                .filter(seen -> !before.contains(seen))
                .map(Statements::below)
                .toList();
    }

    private static List<String> below(Seen request) {
        return spans(s -> s.parent().equals(request.span()) && s.about().containsKey(TEXT)).stream()
                .map(s -> s.about().get(TEXT))
                .sorted()
                .toList();
    }

    private static List<Seen> spans(Predicate<Seen> which) {
        return receiver.all().stream().filter(which).toList();
    }
}
