package org.domicile.platform.participant;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.PoolOptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.law.MoveLaws;
import org.domicile.platform.metrics.Looks;
import org.domicile.platform.note.NoteParticipant;
import org.domicile.platform.note.Notes;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.residency.DirectoryRefusals;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.verify.CompactedTopics;

/** The same service in cn-north, as it starts on a restored database. */
final class RestoredSide {
    private final Pool pool;
    private final FenceStore fences = new FenceStore();
    private final Restoration restoration;
    private final ErasureListReader reader;
    private final ErasureExecutor executor;
    private final TaskRunner runner;

    RestoredSide(Vertx vertx, String database, String kafka) {
        var bare = vertx.getDelegate();
        var identity = new ServiceIdentity(TestRegions.CN, "backup");
        var regions = new Regions(TargetSide.list(Map.of()), identity);
        this.pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(8))
                .connectingTo(TestParts.connection(database))
                .using(bare)
                .build());
        var transfers = new TransferStore(pool, new SecureRandom());
        var participant = new NoteParticipant(pool);
        var acks = new Acks(new Outbox(identity, Clock.systemUTC()), transfers, identity);
        var inspector = new PurgeInspector(
                participant, () -> Duration.ofHours(2), new NoKeys(), Clock.systemUTC(), new CompactedTopics(Map.of()));
        this.runner = new TaskRunner(
                pool, bare, fences, transfers, new MacLedger(participant), acks, null, participant, inspector, null);
        var erasures = new ErasureStore(pool, identity);
        this.executor = new ErasureExecutor(
                pool,
                bare,
                erasures,
                fences,
                transfers,
                new MoveLaws(null),
                runner,
                () -> Duration.ofDays(400),
                Clock.systemUTC());
        this.restoration = new Restoration(pool, identity);
        this.reader = new ErasureListReader(
                pool,
                regions,
                new Residencies(pool, regions, identity, new DirectoryRefusals(new SimpleMeterRegistry())),
                erasures,
                executor,
                restoration,
                Map.of("bootstrap.servers", kafka),
                new SimpleMeterRegistry(),
                new Looks(new SimpleMeterRegistry(), Clock.systemUTC()));
        runner.start(null);
    }

    boolean freezeIfRestored() {
        return restoration.freezeIfRestored().await().indefinitely();
    }

    void reconcile() {
        reader.reconcile();
    }

    FenceMode mode(AccountId account) {
        return fences.read(pool, account).await().indefinitely().mode();
    }

    Map<String, Long> notes(AccountId account) {
        return Notes.stored(pool, account);
    }

    /** Looks once more, as the periodic look does. */
    boolean forgotten(AccountId account) {
        executor.look().await().indefinitely();
        return !pool.preparedQuery("select from fence where account_id = $1")
                .execute(io.vertx.mutiny.sqlclient.Tuple.of(account.value()))
                .await()
                .indefinitely()
                .iterator()
                .hasNext();
    }

    void stop() {
        runner.stop(null);
        pool.closeAndAwait();
    }
}
