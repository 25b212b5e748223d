package org.domicile.platform.participant;

import io.opentelemetry.api.common.Attributes;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FenceAck.Evidence;
import org.domicile.platform.fence.FenceAck.Left;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.participant.RecordClass.Remains;
import org.domicile.platform.participant.Transfer.Looked;
import org.domicile.platform.trace.TraceFields;
import org.domicile.platform.trace.Traces;
import org.domicile.platform.trace.Work;
import org.jboss.logging.Logger;

/**
 * Does what commands left to do, one task an account at a time. Every step starts from the database and may be repeated, so a
 * crash costs only time: another look, once a second, finds what nobody is doing and is due.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class TaskRunner {
    private static final Logger LOG = Logger.getLogger(TaskRunner.class);
    private static final long LOOK_MILLIS = 1_000;
    /** Tasks taken up in one look: what is ordered is done at once, and must not queue behind all that is due. */
    private static final int MOST = 500;
    /** What rests no longer does so in this process, under its lease. */
    private static final Duration SHORT = Duration.ofSeconds(5);

    private static final Next BLOCKED = Next.in(Duration.ofSeconds(2));

    private final Pool pool;
    private final Vertx vertx;
    private final FenceStore fences;
    private final TransferStore transfers;
    private final MacLedger macs;
    private final Acks acks;
    private final Copier copier;
    private final Participant participant;
    private final PurgeInspector inspector;
    private final Express express;
    private final Set<AccountId> running = ConcurrentHashMap.newKeySet();
    private final Set<AccountId> again = ConcurrentHashMap.newKeySet();
    /** Their task wants to go on by itself, later. */
    private final Set<AccountId> resting = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    TaskRunner(
            Pool pool,
            Vertx vertx,
            FenceStore fences,
            TransferStore transfers,
            MacLedger macs,
            Acks acks,
            Copier copier,
            Participant participant,
            PurgeInspector inspector,
            Express express) {
        this.pool = pool;
        this.vertx = vertx;
        this.fences = fences;
        this.transfers = transfers;
        this.macs = macs;
        this.acks = acks;
        this.copier = copier;
        this.participant = participant;
        this.inspector = inspector;
        this.express = express;
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(LOOK_MILLIS, id -> look());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** Does the account's task now, or once more if it is being done. */
    void kick(AccountId account) {
        if (stopped) {
            return;
        }
        resting.remove(account);
        if (!running.add(account)) {
            again.add(account);
            return;
        }
        again.remove(account);
        transfers
                .lease(account)
                .flatMap(held -> held.map(transfer -> leased(account, transfer))
                        .orElseGet(() -> Uni.createFrom().item(Next.REST)))
                .subscribe()
                .with(next -> rest(account, next), failure -> {
                    LOG.warnf(failure, "task not done yet, will try again account=%s", account);
                    rest(account, Next.REST);
                });
    }

    /**
     * Does something for an account that has no task, as if it were one: no task of the account is done meanwhile, here or in
     * another instance. Fails at once if the account is busy.
     */
    Uni<Void> idle(AccountId account, Supplier<Uni<Void>> work) {
        return Uni.createFrom().deferred(() -> {
            if (stopped || !running.add(account)) {
                return busy();
            }
            return transfers
                    .leaseIdle(account)
                    .flatMap(held -> held
                            ? work.get().onTermination().call(() -> transfers.release(account))
                            : TaskRunner.<Void>busy())
                    .onTermination()
                    .invoke(() -> rest(account, Next.REST));
        });
    }

    private static <T> Uni<T> busy() {
        return Uni.createFrom().failure(new ProblemException(ErrorCode.CONFLICT, "The account is busy."));
    }

    /** A step, whose lease {@link #look} renews; it ends with the work, so that another instance can do the next at once. */
    private Uni<Next> leased(AccountId account, Transfer transfer) {
        return traced(account, transfer)
                .onFailure()
                .call(() -> transfers.release(account))
                .call(next -> {
                    if (next.isLong()) {
                        return transfers
                                .rest(account, transfer, next.looked())
                                .flatMap(rests -> rests ? Uni.createFrom().voidItem() : transfers.release(account));
                    }
                    return next == Next.REST
                            ? transfers.release(account)
                            : Uni.createFrom().voidItem();
                });
    }

    /** The account has left: says so to the service, which closes live connections. */
    void left(AccountId account) {
        fences.read(pool, account)
                .flatMap(row -> row.mode() == FenceMode.SHADOW
                        ? participant.left(account)
                        : Uni.createFrom().voidItem())
                .subscribe()
                .with(ok -> {}, failure -> LOG.warnf(failure, "connections not closed account=%s", account));
    }

    private void look() {
        if (stopped || !looking.compareAndSet(false, true)) {
            return;
        }
        transfers
                .renew(running)
                .flatMap(renewed -> transfers.due(MOST + running.size() + resting.size()))
                .onTermination()
                .invoke(() -> looking.set(false))
                .subscribe()
                .with(
                        accounts -> accounts.forEach(a -> {
                            if (!running.contains(a) && !resting.contains(a)) {
                                kick(a);
                            }
                        }),
                        failure -> LOG.warnf("no look for tasks reason=%s", failure.toString()));
    }

    private void rest(AccountId account, Next next) {
        running.remove(account);
        if (next == Next.NOW || again.remove(account)) {
            kick(account);
        } else if (next.delay() != null && !next.isLong()) {
            resting.add(account);
            vertx.setTimer(next.delay().toMillis(), id -> {
                if (resting.contains(account)) {
                    kick(account);
                }
            });
        }
    }

    private Uni<Next> traced(AccountId account, Transfer transfer) {
        return Traces.apart(
                transfer.trace(),
                Work.TASK,
                transfer.task().name(),
                Attributes.of(TraceFields.ACCOUNT, account.toString()),
                () -> step(account, transfer));
    }

    private Uni<Next> step(AccountId account, Transfer transfer) {
        return switch (transfer.task()) {
            case COPY ->
                copier.pass(account, transfer)
                        .onFailure(MoveBlocked.class)
                        .recoverWithUni(blocked -> blocked(account, transfer, FenceMode.SHADOW, blocked.getMessage()));
            case CHECK -> copier.check(account, transfer).replaceWith(Next.REST);
            case SEAL ->
                seal(account, transfer)
                        .replaceWith(Next.REST)
                        .onFailure(MoveBlocked.class)
                        .recoverWithUni(blocked -> blocked(account, transfer, FenceMode.FROZEN, blocked.getMessage()));
            case SETTLE -> settle(account).replaceWith(Next.REST);
            case PURGE -> purge(account).replaceWith(Next.REST);
        };
    }

    /** Tells what is in the way, once, and tries again later. */
    private Uni<Next> blocked(AccountId account, Transfer transfer, FenceMode mode, String sentence) {
        var told = transfer.ack() != null && sentence.equals(transfer.ack().getString("trouble"));
        return told
                ? Uni.createFrom().item(BLOCKED)
                : pool.withTransaction(c -> inMode(c, account, mode)
                                .onItem()
                                .ifNotNull()
                                .transformToUni(row -> acks.trouble(c, account, row, sentence)))
                        .replaceWith(BLOCKED);
    }

    /** What the freeze could not do itself: see {@link Sealer#seal}. The shadow waits for the CLOSE that this lets be ordered. */
    private Uni<Void> seal(AccountId account, Transfer transfer) {
        return pool.withTransaction(c -> inMode(c, account, FenceMode.FROZEN)
                        .onItem()
                        .ifNotNull()
                        .transformToUni(row -> transfers
                                .macKey(c, account, transfer.shadowEpoch())
                                .flatMap(key -> macs.sealElsewhere(c, account, key, row.epoch())
                                        .flatMap(v -> macs.manifest(c, account, key, row.version())))
                                .flatMap(manifest -> acks.sealed(c, account, row, manifest, true))))
                .onItem()
                .ifNotNull()
                .invoke(express::reportHome)
                .replaceWithVoid();
    }

    private Uni<Void> settle(AccountId account) {
        return participant
                .activated(account)
                .flatMap(v -> pool.withTransaction(c -> inMode(c, account, FenceMode.OWN)
                        .onItem()
                        .ifNotNull()
                        .transformToUni(
                                row -> acks.reached(c, account, row).flatMap(done -> transfers.forget(c, account)))));
    }

    private Uni<Void> purge(AccountId account) {
        return participant
                .left(account)
                .onItem()
                .transformToMulti(v -> Multi.createFrom().iterable(participant.classes()))
                .onItem()
                .transformToUniAndConcatenate(c -> c.purge(account).replaceWith(c))
                .onItem()
                .transformToUniAndConcatenate(c -> c.remains(account))
                .collect()
                .with(Collectors.reducing(Remains.NOTHING, Remains::plus))
                .flatMap(remains -> pool.withTransaction(c -> inMode(c, account, FenceMode.NONE)
                                .onItem()
                                .ifNotNull()
                                .transformToUni(row -> participant.purged(c, account)))
                        .flatMap(v -> inspector.elsewhere(account))
                        .flatMap(elsewhere -> pool.withTransaction(c -> inMode(c, account, FenceMode.NONE)
                                .onItem()
                                .ifNotNull()
                                .transformToUni(row -> purged(c, account, row, remains, elsewhere)))));
    }

    private Uni<Void> purged(
            SqlConnection c, AccountId account, FenceRow row, Remains remains, SortedMap<String, Long> elsewhere) {
        return transfers
                .forget(c, account)
                .flatMap(v -> inspector.inspect(c, account, elsewhere))
                .flatMap(evidence -> {
                    var left = left(remains, evidence);
                    if (left.rows() + left.objects() > 0) {
                        LOG.errorf("purge left something account=%s left=%s", account, left);
                        return transfers
                                .task(c, account, Transfer.Task.PURGE)
                                .flatMap(v -> acks.purged(c, account, row, left));
                    }
                    return acks.purged(c, account, row, left);
                });
    }

    /** What the mover itself still sees, or what the inspector found, whichever is more. */
    private static Left left(Remains remains, Evidence evidence) {
        var found =
                evidence.found().values().stream().mapToLong(Long::longValue).sum();
        return new Left(Math.max(remains.rows(), found), remains.objects(), evidence);
    }

    /** The locked row, or null if a later command has changed the mode. */
    private Uni<FenceRow> inMode(SqlConnection c, AccountId account, FenceMode mode) {
        return fences.lock(c, account).map(row -> row.mode() == mode ? row : null);
    }

    /**
     * When the account's task wants to go on.
     *
     * @param looked what a look at a level copy found; null = nothing to be kept
     */
    record Next(Duration delay, Looked looked) {
        static final Next REST = new Next(null, null);
        static final Next NOW = new Next(Duration.ZERO, null);

        static Next in(Duration delay) {
            return new Next(delay, null);
        }

        static Next after(Looked looked) {
            return new Next(looked.rest(), looked);
        }

        private boolean isLong() {
            return looked != null && delay.compareTo(SHORT) > 0;
        }
    }
}
