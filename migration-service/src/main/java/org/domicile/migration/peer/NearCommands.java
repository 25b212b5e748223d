package org.domicile.migration.peer;

import io.opentelemetry.api.common.Attributes;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.platform.event.Topics;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.trace.Traces;
import org.domicile.platform.trace.Work;
import org.jboss.logging.Logger;

/**
 * Brings commands to this region's own participants over mutual TLS while writes wait, or are about to; what does not arrive goes by
 * Kafka.
 */
@ApplicationScoped
public class NearCommands {
    private static final Logger LOG = Logger.getLogger(NearCommands.class);
    /** Longer than what is slow usually takes; what is slower still is done under the fence. */
    private static final long BRACE_MILLIS = 3_000;

    private static final long TIMEOUT_MILLIS = 5_000;

    private final PeerClient peers;
    private final Pool pool;
    private final Outbox outbox;

    @Inject
    public NearCommands(PeerClient peers, Pool pool, Outbox outbox) {
        this.peers = peers;
        this.pool = pool;
        this.outbox = outbox;
    }

    /** Whether the participant is one that commands are brought to. */
    public boolean reaches(String service) {
        return peers.isNear(service);
    }

    /**
     * Brings what Kafka carries too.
     *
     * @param trace the span that it comes of; null = not traced
     */
    public void copy(String jws, String trace) {
        Traces.apart(
                        trace,
                        Work.DELIVER,
                        Delivery.COMMANDS,
                        Attributes.empty(),
                        () -> bring("commands", jws, TIMEOUT_MILLIS))
                .subscribe()
                .with(ok -> {}, failure -> LOG.infof("a command goes by Kafka alone reason=%s", failure));
    }

    /**
     * Has all participants brace, and then freeze at the same time: an account's pause begins with the first that is frozen and
     * ends with the last.
     *
     * @param delivery FREEZE commands; those that do not arrive are given to Kafka
     */
    Uni<Void> freeze(Delivery delivery) {
        var commands =
                new JsonArray(delivery.body()).stream().map(String.class::cast).toList();
        return all(commands, jws -> bring("brace", jws, BRACE_MILLIS)
                        .onFailure()
                        .invoke(f -> LOG.infof("not braced account=%s reason=%s", delivery.account(), f))
                        .onFailure()
                        .recoverWithNull())
                .chain(() -> all(commands, jws -> bring("commands", jws, TIMEOUT_MILLIS)
                        .onFailure()
                        .recoverWithUni(failure -> byKafka(delivery, jws, failure))));
    }

    private Uni<Void> byKafka(Delivery delivery, String jws, Throwable failure) {
        LOG.warnf("a freeze goes by Kafka account=%s reason=%s", delivery.account(), failure);
        return pool.withTransaction(c -> outbox.add(
                c,
                new OutboxEvent(
                        Topics.RESIDENCY_COMMANDS,
                        delivery.account(),
                        Topics.COMMAND_V1,
                        new JsonObject().put("jws", jws))));
    }

    private static Uni<Void> all(List<String> commands, java.util.function.Function<String, Uni<Void>> work) {
        return Uni.join()
                .all(commands.stream().map(work).toList())
                .andCollectFailures()
                .replaceWithVoid();
    }

    private Uni<Void> bring(String action, String jws, long timeoutMillis) {
        var service = SignedDocument.claimedPayload(jws).getString("service");
        var request = peers.near(HttpMethod.POST, service, "/fence/v1/" + action)
                .setTimeout(timeoutMillis)
                .putHeader("Content-Type", "text/plain");
        return peers.ask(request, Buffer.buffer(jws))
                .invoke(PeerClient::accepted)
                .replaceWithVoid();
    }
}
