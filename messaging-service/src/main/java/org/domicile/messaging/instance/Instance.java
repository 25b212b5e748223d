package org.domicile.messaging.instance;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.domicile.messaging.MessagingConfig;
import org.domicile.platform.peer.PeerConfig;
import org.domicile.platform.peer.PeerServer;
import org.jboss.logging.Logger;

/**
 * This process among the service's instances. Any of them accepts any message; a device's connection is held by one. Which one is a
 * row ({@code presence}); an instance that was not seen for {@code instance-forgotten} is taken for dead and its rows go.
 */
@ApplicationScoped
public class Instance {
    private static final Logger LOG = Logger.getLogger(Instance.class);
    private static final int AFTER_LISTENERS = 5_000;
    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    private final UUID id = UUID.randomUUID();
    private final InstanceStore store;
    private final MessagingConfig config;
    private final PeerConfig peerConfig;
    private final PeerServer peerServer;
    private final Event<Forgotten> forgotten;
    private final Clock clock;
    private volatile boolean listening;
    private volatile boolean announced;

    @Inject
    public Instance(
            InstanceStore store,
            MessagingConfig config,
            PeerConfig peerConfig,
            PeerServer peerServer,
            Event<Forgotten> forgotten,
            Clock clock) {
        this.store = store;
        this.config = config;
        this.peerConfig = peerConfig;
        this.peerServer = peerServer;
        this.forgotten = forgotten;
        this.clock = clock;
    }

    Instance() {
        this(null, null, null, null, null, null);
    }

    /** The others took this instance for dead, and no longer know what it holds. */
    public record Forgotten() {}

    /** Another one after every start. */
    public UUID id() {
        return id;
    }

    /** When the peer listener is ready and before devices can connect: what comes to one can be handed to it from the first moment. */
    void announce(@Observes @Priority(AFTER_LISTENERS) StartupEvent event) {
        listening = true;
        say().await().atMost(LONGEST_START);
    }

    @Scheduled(
            every = "${domicile.messaging.instance-seen-every:5s}",
            delayed = "${domicile.messaging.instance-seen-every:5s}",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> beat() {
        // a slow start may take longer than the first pause: until the listener is ready, there is no address to tell
        return listening ? say() : Uni.createFrom().voidItem();
    }

    private Uni<Void> say() {
        var now = clock.instant();
        return Uni.createFrom()
                .deferred(() -> store.seen(id, address(), now))
                .invoke(fresh -> {
                    if (fresh && announced) {
                        forgotten.fireAsync(new Forgotten());
                    }
                    announced = true;
                })
                .chain(() -> store.forget(now.minus(config.instanceForgotten())))
                .onFailure()
                .invoke(failure -> LOG.warnf("instance not announced, will retry reason=%s", failure))
                .onFailure()
                .recoverWithNull();
    }

    private URI address() {
        return config.instanceAddress()
                .orElseGet(() -> URI.create("https://" + peerConfig.host() + ":" + peerServer.port()));
    }
}
