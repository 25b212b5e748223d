package org.domicile.messaging.receipt;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.Homes;
import org.domicile.platform.residency.Residency;
import org.jboss.logging.Logger;

/**
 * {@code GET /push/receipts/{capability}}: delivery receipts (RFC 8030 section 6.3). Over HTTP/2 each is pushed as the answer,
 * 204 or 410, to a GET of its message's URL; the request itself is answered with 204 when it has lasted as long as it may
 * ({@code Prefer: wait}, at most {@code receipt-wait}). A client without server push gets those that are ready as JSON.
 */
@ApplicationScoped
public class ReceiptRoutes {
    private static final Logger LOG = Logger.getLogger(ReceiptRoutes.class);
    static final String PATH = "/push/receipts/:capability";
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait=(\\d{1,6})(?:$|[,;\\s])");
    private static final int RETRY_AFTER = 30;

    private final Receipts receipts;
    private final FarReceipts far;
    private final RoutingKeys routing;
    private final Homes homes;
    private final MessagingConfig config;
    private final Vertx vertx;
    private final Clock clock;
    private final AtomicInteger open = new AtomicInteger();

    @Inject
    public ReceiptRoutes(
            Receipts receipts,
            FarReceipts far,
            RoutingKeys routing,
            Homes homes,
            MessagingConfig config,
            Vertx vertx,
            Clock clock) {
        this.receipts = receipts;
        this.far = far;
        this.routing = routing;
        this.homes = homes;
        this.config = config;
        this.vertx = vertx;
        this.clock = clock;
    }

    /** Receipts that are ready. @param elsewhere the region that has them, if that is another */
    private record Batch(Optional<String> elsewhere, List<Receipt> receipts) {}

    /** One client that waits. */
    private record Waiting(RoutingContext context, Capability capability, Instant until) {
        boolean isGone() {
            return context.response().closed() || context.response().ended();
        }
    }

    void mount(@Observes Router router) {
        router.get(PATH).handler(this::wait);
    }

    private void wait(RoutingContext context) {
        var parsed = capability(context);
        if (parsed.isEmpty() || open.incrementAndGet() > config.receiptStreams()) {
            if (parsed.isPresent()) {
                open.decrementAndGet();
            }
            Problems.write(context, parsed.isEmpty() ? unknown() : busy());
            return;
        }
        context.addEndHandler(ended -> open.decrementAndGet());
        look(new Waiting(context, parsed.get(), clock.instant().plus(patience(context))));
    }

    private void look(Waiting waiting) {
        if (waiting.isGone()) {
            return;
        }
        homes.find(waiting.capability().account(), 0)
                .flatMap(place -> ready(waiting.capability(), place.elsewhere().map(Residency::home)))
                .subscribe()
                .with(ready -> tell(waiting, ready), failure -> Problems.write(waiting.context(), failure));
    }

    private Uni<Batch> ready(Capability capability, Optional<String> elsewhere) {
        return elsewhere
                .map(region -> far.ready(region, capability))
                .orElseGet(() -> receipts.ready(capability))
                .map(ready -> new Batch(elsewhere, ready));
    }

    private void tell(Waiting waiting, Batch ready) {
        if (waiting.isGone()) {
            return;
        }
        var pushing = waiting.context().request().version() == HttpVersion.HTTP_2;
        if (ready.receipts().isEmpty()) {
            rest(waiting);
        } else if (pushing) {
            push(waiting, ready);
        } else {
            list(waiting, ready);
        }
    }

    private void rest(Waiting waiting) {
        if (clock.instant().isBefore(waiting.until())) {
            vertx.setTimer(config.receiptLook().toMillis(), id -> look(waiting));
        } else {
            waiting.context().response().setStatusCode(204).end();
        }
    }

    private void push(Waiting waiting, Batch ready) {
        Future.all(ready.receipts().stream()
                        .map(receipt -> push(waiting, receipt))
                        .toList())
                .onSuccess(pushed -> told(waiting, ready, () -> {
                    if (ready.receipts().size() == Receipts.BATCH) {
                        look(waiting);
                    } else {
                        rest(waiting);
                    }
                }))
                .onFailure(refused -> list(waiting, ready));
    }

    private Future<Void> push(Waiting waiting, Receipt receipt) {
        return waiting.context().response().push(HttpMethod.GET, receipt.path()).compose(pushed -> pushed.setStatusCode(
                        receipt.status())
                .end());
    }

    /** For a client that takes no server push. */
    private void list(Waiting waiting, Batch ready) {
        if (waiting.isGone()) {
            return;
        }
        var origin = config.pushOrigin();
        var list = new JsonArray();
        ready.receipts()
                .forEach(receipt -> list.add(new JsonObject()
                        .put("message", origin.resolve(receipt.path()).toString())
                        .put("status", receipt.status())));
        waiting.context()
                .response()
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject().put("receipts", list).toBuffer())
                .onSuccess(sent -> told(waiting, ready, () -> {}));
    }

    /** They are deleted only now: what a broken connection did not carry comes again. */
    private void told(Waiting waiting, Batch told, Runnable then) {
        var ids = told.receipts().stream().map(Receipt::id).toList();
        told.elsewhere()
                .map(region -> far.told(region, waiting.capability(), ids))
                .orElseGet(() -> receipts.told(waiting.capability(), ids))
                .subscribe()
                .with(done -> then.run(), failure -> {
                    LOG.warnf("receipts told once more count=%d reason=%s", ids.size(), failure);
                    // not to this client: it would be told them until it goes
                    if (!waiting.isGone()) {
                        waiting.context().response().setStatusCode(204).end();
                    }
                });
    }

    private Duration patience(RoutingContext context) {
        var longest = config.receiptWait();
        var prefer = context.request().headers().getAll("Prefer");
        var wait = WAIT.matcher(String.join(",", prefer));
        if (!wait.find()) {
            return longest;
        }
        var wanted = Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return wanted.compareTo(longest) < 0 ? wanted : longest;
    }

    private Optional<Capability> capability(RoutingContext context) {
        return routing.parse(context.pathParam("capability"));
    }

    static ProblemException unknown() {
        return new ProblemException(ErrorCode.NOT_FOUND, "There are no receipts at this address: forget it.");
    }

    private static ProblemException busy() {
        return new ProblemException(
                ErrorCode.TOO_MANY_REQUESTS,
                "As many senders wait for receipts here as may: ask again with Prefer: wait=0.",
                Map.of("retryAfter", RETRY_AFTER));
    }
}
