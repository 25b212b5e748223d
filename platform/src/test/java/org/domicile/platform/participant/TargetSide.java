package org.domicile.platform.participant;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.sqlclient.PoolOptions;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.law.MoveLaws;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteParticipant;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.peer.PeerCertificates;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.peer.PeerConfig;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.RegionsConfig;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.trace.RequestTraces;
import org.domicile.platform.verify.CompactedTopics;
import org.flywaydb.core.Flyway;

/** A participant of ap-southeast, made by hand on its own database, that copies from the application under test. */
final class TargetSide {
    private static final Duration RAREST_LOOK = Duration.ofHours(1);

    final Pool pool;
    private final Vertx vertx;
    private final int sourcePort;
    private final String database;
    private final PeerClient peers;
    private final FenceStore fences = new FenceStore();
    private final TransferStore transfers;
    private final Regions regions;
    private final Shadow shadow;
    private final Copier copier;
    private final Closer closer;
    private final TaskRunner runner;
    private final CommandExecutor executor;
    private Vertx outside;

    TargetSide(Vertx vertx, int sourcePort, String certificate) {
        this(vertx, sourcePort, TestParts.database("target"), certificate);
        Flyway.configure()
                .dataSource(
                        "jdbc:postgresql://localhost:" + TestParts.postgresPort() + "/" + database,
                        "postgres",
                        "postgres")
                .locations("db/platform", "db/participant", "db/note")
                .load()
                .migrate();
    }

    /** Another instance, or another caller, on the same database. */
    TargetSide(TargetSide other, String certificate) {
        this(other.vertx, other.sourcePort, other.database, certificate);
    }

    private TargetSide(Vertx vertx, int sourcePort, String database, String certificate) {
        this.vertx = vertx;
        this.sourcePort = sourcePort;
        this.database = database;
        var identity = new ServiceIdentity(TestRegions.SG, "backup");
        this.regions =
                new Regions(list(Map.of(TestRegions.CN + ".backup", "https://localhost:" + sourcePort)), identity);
        this.pool = Pool.newInstance(io.vertx.pgclient.PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(8))
                .connectingTo(TestParts.connection(database))
                .using(vertx)
                .build());
        var config = peerConfig(certificate);
        this.peers = new PeerClient(vertx, config, certificates(vertx, config), regions);
        this.transfers = new TransferStore(pool, new SecureRandom());
        var participant = new NoteParticipant(pool);
        var macs = new MacLedger(participant);
        var acks = new Acks(new Outbox(identity, Clock.systemUTC()), transfers, identity);
        this.shadow = new Shadow(pool, fences, transfers, macs, participant);
        var verifier = new Verifier(pool, fences, participant, Clock.systemUTC());
        var express = new Express(peers, regions, identity);
        var sources = new SourceClient.Factory(peers, identity);
        this.closer = new Closer(pool, fences, transfers, macs, acks, participant, shadow, verifier, express, sources);
        this.copier = new Copier(
                pool,
                transfers,
                macs,
                acks,
                participant,
                sources,
                regions,
                shadow,
                closer,
                new CopyProof(pool, transfers, acks, participant, shadow, verifier),
                () -> RAREST_LOOK);
        var inspector = new PurgeInspector(
                participant, () -> Duration.ofHours(2), new NoKeys(), Clock.systemUTC(), new CompactedTopics(Map.of()));
        this.runner =
                new TaskRunner(pool, vertx, fences, transfers, macs, acks, copier, participant, inspector, express);
        this.executor = new CommandExecutor(
                pool,
                fences,
                transfers,
                new MoveLaws(null),
                acks,
                runner,
                new Sealer(pool, fences, transfers, macs, acks, runner, express),
                closer,
                participant);
    }

    void start() {
        runner.start(null);
    }

    /** No task is done any more; what is brought is still taken. */
    void stop() {
        runner.stop(null);
    }

    void close() {
        stop();
        if (outside != null) {
            Uni.createFrom()
                    .completionStage(() -> outside.close().toCompletionStage())
                    .await()
                    .atMost(Duration.ofSeconds(20));
        }
    }

    /** Takes what the source brings, from now on until it is stopped. */
    void listen(RequestTraces traces) {
        var authority = PlatformResource.authority();
        var certificate = TestRegions.SG + ".backup";
        var config = peerConfig(certificate);
        var routes = new PeerServer(vertx, config, certificates(vertx, config), traces);
        new ShadowEndpoint(routes, regions, new ServiceIdentity(TestRegions.SG, "backup"), shadow, closer, runner)
                .mount(null);
        // the application's counts its servers, and no other than its own may join
        outside = Vertx.vertx();
        var listener = outside.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(authority.issue(certificate).toString())
                                .addKeyPath(authority.keyOf(certificate).toString()))
                        .setTrustOptions(
                                new PemTrustOptions().addCertPath(authority.ca().toString())))
                .requestHandler(routes.router());
        Uni.createFrom()
                .completionStage(() ->
                        listener.listen(NoteProfile.peerPort(), "localhost").toCompletionStage())
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    void execute(FenceCommand command) {
        executor.execute(command, NoteApplication.signed(command)).await().indefinitely();
    }

    FenceCommand here(FenceOperation operation, AccountId account, long epoch) {
        return new FenceCommand(
                operation, account, "backup", TestRegions.SG, epoch, TestRegions.CN, TestRegions.CN, 2, null, null);
    }

    JsonObject ack(AccountId account) {
        return transfers.read(pool, account).await().indefinitely().ack();
    }

    boolean saysDone(AccountId account, FenceMode mode, long epoch) {
        var ack = ack(account);
        return ack != null
                && ack.getString("mode").equals(mode.name())
                && ack.getLong("epoch") == epoch
                && ack.getBoolean("done");
    }

    void sql(String statement, AccountId account) {
        pool.preparedQuery(statement).execute(Tuple.of(account.value())).await().indefinitely();
    }

    /** How long its task has still to rest, as the database says. */
    Duration rest(AccountId account) {
        return pool.preparedQuery(
                        "select extract(epoch from greatest(rest_until, now()) - now())::float8 as rest from transfer"
                                + " where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> Duration.ofMillis((long) (rows.iterator().next().getDouble("rest") * 1_000)))
                .await()
                .indefinitely();
    }

    /** Whether a step at whose end an hour's rest is due lets it rest, if this happens meanwhile. */
    boolean restsAfter(AccountId account, Runnable meanwhile) {
        var step = transfers.lease(account).await().indefinitely().orElseThrow();
        meanwhile.run();
        var rests = transfers
                .rest(account, step, new Transfer.Looked(1, Duration.ofHours(1)))
                .await()
                .indefinitely();
        transfers.release(account).await().indefinitely();
        return rests;
    }

    boolean isClosing(AccountId account) {
        return transfers.read(pool, account).await().indefinitely().closing() != null;
    }

    FenceRow row(AccountId account) {
        return fences.read(pool, account).await().indefinitely();
    }

    /** A pass that began while the row was still a shadow, and goes on now. */
    void late(AccountId account, long shadowEpoch) {
        var before = transfers.read(pool, account).await().indefinitely();
        var zombie = new Transfer(
                Transfer.Task.COPY,
                shadowEpoch,
                before.grant(),
                null,
                before.macKey(),
                new JsonObject(),
                0,
                0,
                null,
                null,
                Transfer.Brace.NONE,
                null);
        if (copier.pass(account, zombie).await().indefinitely() == TaskRunner.Next.REST) {
            throw new IllegalStateException("refused");
        }
    }

    /** What the source brings. */
    boolean closeNow(FenceCommand close) {
        var closed = shadow.of(close)
                .flatMap(transfer -> closer.closeNow(close, transfer, Map.of()))
                .await()
                .indefinitely();
        if (!closed) {
            runner.kick(close.accountId());
        }
        return closed;
    }

    /** What the application answers to a request with a body. */
    int post(String path, String grant, String body) {
        try {
            var options = peers.request(HttpMethod.POST, TestRegions.CN, "backup", path);
            if (grant != null) {
                options.putHeader(TransferEndpoint.GRANT, grant);
            }
            return peers.http()
                    .request(options)
                    .compose(request -> request.send(Buffer.buffer(body)))
                    .map(response -> response.statusCode())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the source answers to the first request of a transfer. */
    int status(AccountId account, String grant) {
        return status(HttpMethod.GET, account, "", grant, "");
    }

    /** The same to a request of these words. */
    int status(HttpMethod method, AccountId account, String path, String grant, String body) {
        try {
            var options = peers.request(method, TestRegions.CN, "backup", TransferEndpoint.PATH + "/" + account + path);
            if (grant != null) {
                options.putHeader(TransferEndpoint.GRANT, grant);
            }
            return peers.http()
                    .request(options)
                    .compose(request -> request.send(body))
                    .map(response -> response.statusCode())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    int statusWithoutCertificate(AccountId account, String grant) {
        try {
            var client = vertx.createHttpClient(new HttpClientOptions()
                    .setSsl(true)
                    .setTrustOptions(new PemTrustOptions()
                            .addCertPath(PlatformResource.authority().ca().toString())));
            return client.request(HttpMethod.GET, sourcePort, "localhost", TransferEndpoint.PATH + "/" + account)
                    .compose(request ->
                            request.putHeader(TransferEndpoint.GRANT, grant).send())
                    .map(response -> response.statusCode())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static RegionsConfig list(Map<String, String> addresses) {
        var file = TestRegions.list(TestParts.folder(), addresses);
        return new RegionsConfig() {
            @Override
            public Path file() {
                return file;
            }

            @Override
            public Path key() {
                return TestRegions.listKey(PlatformResource.authority());
            }
        };
    }

    private static PeerCertificates certificates(Vertx vertx, PeerConfig config) {
        return new PeerCertificates(vertx, config, Clock.systemUTC(), new SimpleMeterRegistry());
    }

    private static PeerConfig peerConfig(String name) {
        var certificate = PlatformResource.authority().issue(name);
        return new PeerConfig() {
            @Override
            public String host() {
                return "127.0.0.1";
            }

            @Override
            public int port() {
                return 0;
            }

            @Override
            public Path certificate() {
                return certificate;
            }

            @Override
            public Path key() {
                return PlatformResource.authority().keyOf(name);
            }

            @Override
            public Path ca() {
                return PlatformResource.authority().ca();
            }

            @Override
            public Duration reload() {
                return Duration.ofHours(1);
            }

            @Override
            public Map<String, URI> near() {
                return Map.of();
            }
        };
    }
}
