package org.domicile.platform.peer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * This service's identity towards peers. Renewed files are taken while it runs: connections that are open stay, new ones are made with
 * them. {@code domicile_certificate_remaining_seconds} says how long what is in use is good for.
 */
@ApplicationScoped
public class PeerCertificates {
    private static final Logger LOG = Logger.getLogger(PeerCertificates.class);

    private final Vertx vertx;
    private final PeerConfig config;
    private final Clock clock;
    private final List<Function<SSLOptions, Future<Boolean>>> users = new CopyOnWriteArrayList<>();
    private final RenewedKeys keys;
    private final RenewedTrust trust;
    private volatile PeerTls used;
    private volatile boolean stopped;

    /** @throws IllegalStateException if there is no certificate, or no key for it: the service does not start */
    @Inject
    public PeerCertificates(Vertx vertx, PeerConfig config, Clock clock, MeterRegistry metrics) {
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
        try {
            this.used = PeerTls.read(config);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("The certificates for peers cannot be used: " + e.getMessage(), e);
        }
        this.keys = new RenewedKeys(used.keys(vertx));
        this.trust = new RenewedTrust(used.authorities(vertx));
        gauge(metrics, "peer", () -> used.ends());
        gauge(metrics, "peer-authorities", () -> used.trustEnds());
    }

    PeerCertificates() {
        this.vertx = null;
        this.config = null;
        this.clock = null;
        this.keys = null;
        this.trust = null;
    }

    PeerTls used() {
        return used;
    }

    /** For a listener, which is not told when it is renewed. */
    KeyCertOptions keys() {
        return KeyCertOptions.wrap(keys);
    }

    /** As {@link #keys}. */
    TrustOptions trust() {
        return TrustOptions.wrap(trust);
    }

    /** @param user takes, at once and whenever they are renewed, the options of the connections that it makes */
    void follow(Function<SSLOptions, Future<Boolean>> user) {
        users.add(user);
        user.apply(used.options());
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(config.reload().toMillis(), id -> look());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void look() {
        if (!stopped) {
            vertx.executeBlocking(() -> PeerTls.read(config))
                    .compose(read -> read.equals(used) ? Future.succeededFuture() : use(read))
                    .onFailure(f -> LOG.warnf("certificates for peers not renewed, will try again reason=%s", f));
        }
    }

    private Future<Void> use(PeerTls read) {
        return Future.all(users.stream().map(user -> user.apply(read.options())).toList())
                .onSuccess(all -> {
                    keys.use(read.keys(vertx));
                    trust.use(read.authorities(vertx));
                    used = read;
                    LOG.info("certificates for peers renewed");
                })
                .mapEmpty();
    }

    private void gauge(MeterRegistry metrics, String name, Supplier<Instant> end) {
        Gauge.builder("domicile.certificate.remaining", () -> Duration.between(clock.instant(), end.get())
                        .toSeconds())
                .tag("certificate", name)
                .baseUnit("seconds")
                .description("Until a certificate that is in use ends")
                .register(metrics);
    }
}
