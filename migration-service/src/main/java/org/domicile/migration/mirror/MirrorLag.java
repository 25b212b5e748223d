package org.domicile.migration.mirror;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.domicile.platform.http.Answer;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.Regions;
import org.jboss.logging.Logger;

/**
 * How far what is mirrored of another region's directory and erasure list is behind what is there ({@code domicile_mirror_lag_seconds}, by
 * {@code of}): from the newest record here to the newest there. A look that fails means that the region does not answer.
 */
@ApplicationScoped
public class MirrorLag {
    private static final Logger LOG = Logger.getLogger(MirrorLag.class);
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final long TIMEOUT_MILLIS = 10_000;
    private static final int UNKNOWN_TO_AN_OLDER_RELEASE = 404;

    private final Vertx vertx;
    private final PeerClient peers;
    private final NewestRecords records;
    private final List<Followed> regions;
    private volatile boolean stopped;

    /** Another region. */
    private record Followed(String region, Look look, Look.Finding lag, AtomicBoolean busy) {}

    @Inject
    public MirrorLag(Vertx vertx, PeerClient peers, NewestRecords records, Regions regions, Looks looks) {
        this.vertx = vertx;
        this.peers = peers;
        this.records = records;
        this.regions = regions.all().stream()
                .map(region -> region.id())
                .filter(id -> !regions.isSelf(id) && peers.of(id, "migration") != null)
                .map(id -> followed(id, looks.of("mirror of " + id, EVERY)))
                .toList();
    }

    private static Followed followed(String region, Look look) {
        var lag = look.finding(
                "domicile.mirror.lag",
                "seconds",
                "How far what is mirrored of another region is behind what is there",
                "of",
                region);
        return new Followed(region, look, lag, new AtomicBoolean());
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(EVERY.toMillis(), id -> regions.forEach(this::tick));
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void tick(Followed region) {
        if (stopped || !region.busy().compareAndSet(false, true)) {
            return;
        }
        look(region)
                .onTermination()
                .invoke(() -> region.busy().set(false))
                .subscribe()
                .with(
                        done -> {},
                        failure -> LOG.warnf(
                                "mirror not compared, will try again region=%s reason=%s",
                                region.region(), failure.toString()));
    }

    /** Compares all of them now. */
    Uni<Void> look() {
        return Uni.join()
                .all(regions.stream().map(this::look).toList())
                .andFailFast()
                .replaceWithVoid();
    }

    private Uni<Void> look(Followed region) {
        var request = peers.request(HttpMethod.GET, region.region(), "migration", MirrorRoutes.PATH)
                .setTimeout(TIMEOUT_MILLIS);
        return peers.ask(request, null)
                .flatMap(answer -> answer.status() == UNKNOWN_TO_AN_OLDER_RELEASE
                        ? Uni.createFrom().voidItem()
                        : compared(region, answer))
                .invoke(region.look()::succeeded);
    }

    private Uni<Void> compared(Followed region, Answer answer) {
        PeerClient.accepted(answer);
        var there = answer.body().toJsonObject();
        var mirrors = there.fieldNames().stream().collect(Collectors.toSet());
        mirrors.retainAll(NewestRecords.MIRRORED);
        return records.of(mirrors.stream()
                        .map(topic -> region.region() + "." + topic)
                        .collect(Collectors.toSet()))
                .invoke(here -> region.lag().set(lag(region.region(), there, here)))
                .replaceWithVoid();
    }

    /** In seconds, of the topic that is farthest behind; of one that has nothing here, since its beginning. */
    private static double lag(String region, JsonObject there, Map<String, Instant> here) {
        return there.fieldNames().stream()
                        .filter(NewestRecords.MIRRORED::contains)
                        .mapToLong(topic -> there.getLong(topic)
                                - here.getOrDefault(region + "." + topic, Instant.EPOCH)
                                        .toEpochMilli())
                        .map(millis -> Math.max(0, millis))
                        .max()
                        .orElse(0)
                / 1e3;
    }
}
