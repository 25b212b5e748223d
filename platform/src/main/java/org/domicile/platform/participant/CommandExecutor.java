package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.law.MoveLaws;
import org.domicile.platform.participant.Transfer.Task;
import org.jboss.logging.Logger;

/**
 * Executes a command in one transaction: its epoch must be above the row's; of equal epoch it is only acknowledged again; below,
 * ignored (rule 4). What takes longer than a transaction is noted as a {@link Task} and done by {@link TaskRunner}.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class CommandExecutor {
    private static final Logger LOG = Logger.getLogger(CommandExecutor.class);

    private final Pool pool;
    private final FenceStore fences;
    private final TransferStore transfers;
    private final MoveLaws laws;
    private final Acks acks;
    private final TaskRunner runner;
    private final Sealer sealer;
    private final Closer closer;
    private final Participant participant;

    @Inject
    CommandExecutor(
            Pool pool,
            FenceStore fences,
            TransferStore transfers,
            MoveLaws laws,
            Acks acks,
            TaskRunner runner,
            Sealer sealer,
            Closer closer,
            Participant participant) {
        this.pool = pool;
        this.fences = fences;
        this.transfers = transfers;
        this.laws = laws;
        this.acks = acks;
        this.runner = runner;
        this.sealer = sealer;
        this.closer = closer;
        this.participant = participant;
    }

    Uni<Void> execute(FenceCommand command, String jws) {
        var account = command.accountId();
        var prepared =
                switch (command.operation()) {
                    case FREEZE -> intend(command);
                    default -> Uni.createFrom().voidItem();
                };
        return prepared.flatMap(v -> participant.ordered(command, jws))
                .flatMap(v -> pool.withTransaction(c -> fences.lock(c, account)
                        .<Sealer.Sealed>flatMap(row -> {
                            if (command.epoch() > row.epoch()) {
                                return run(c, command, jws, row);
                            }
                            LOG.debugf(
                                    "command not above the fence account=%s operation=%s epoch=%d at=%d",
                                    account, command.operation().id(), command.epoch(), row.epoch());
                            return (command.epoch() == row.epoch()
                                            ? again(c, command, row)
                                            : Uni.createFrom().voidItem())
                                    .replaceWith((Sealer.Sealed) null);
                        })
                        .call(done -> command.operation() == FenceOperation.FREEZE
                                ? fences.dropIntent(c, account)
                                : Uni.createFrom().voidItem())))
                .invoke(done -> {
                    if (done != null) {
                        sealer.tell(command, jws, done);
                    }
                    if (command.operation() == FenceOperation.KEEP) {
                        runner.left(account);
                    }
                    runner.kick(account);
                })
                .replaceWithVoid();
    }

    /** Rule 2: the intent is committed before the freeze queues for the row, unless the freeze is stale anyway. */
    private Uni<Void> intend(FenceCommand command) {
        return fences.intend(pool, command.accountId(), command.epoch());
    }

    /** What must not wait for the freeze at this epoch is done before it; what fails is done under it. */
    Uni<Void> brace(FenceCommand command, String jws) {
        return command.operation() == FenceOperation.FREEZE
                ? sealer.brace(command, jws)
                : Uni.createFrom().failure(new IllegalArgumentException("only a freeze is braced for"));
    }

    /** A participant that has closed by the manifest itself may be asked to wait for a ledger version afterwards. */
    private Uni<Void> again(SqlConnection c, FenceCommand command, FenceRow row) {
        return command.operation() == FenceOperation.CLOSE && row.mode() == FenceMode.CLOSED
                ? closer.again(c, command)
                : acks.repeat(c, command.accountId());
    }

    private Uni<Sealer.Sealed> run(SqlConnection c, FenceCommand command, String jws, FenceRow row) {
        if (command.operation() == FenceOperation.FREEZE) {
            return fences.change(c, command.accountId(), FenceMode.FROZEN, command.epoch())
                    .flatMap(frozen -> sealer.seal(c, command, frozen));
        }
        return (isGone(command, row)
                        ? purge(c, command).chain(() -> laws.end(c, command.accountId()))
                        : change(c, command, jws, row).chain(() -> laws.ordered(c, command)))
                .replaceWith((Sealer.Sealed) null);
    }

    /** A home that was restored may have forgotten that it had the old copy purged: nothing is filled again, and this is said. */
    private static boolean isGone(FenceCommand command, FenceRow row) {
        return row.mode() == FenceMode.NONE
                && (command.operation() == FenceOperation.KEEP || command.operation() == FenceOperation.FEED);
    }

    private Uni<Void> purge(SqlConnection c, FenceCommand command) {
        return fences.reset(c, command.accountId(), FenceMode.NONE, command.epoch(), 0)
                .flatMap(r -> transfers.task(c, command.accountId(), Task.PURGE));
    }

    private Uni<Void> change(SqlConnection c, FenceCommand command, String jws, FenceRow row) {
        var account = command.accountId();
        var epoch = command.epoch();
        return switch (command.operation()) {
            case SHADOW ->
                fences.reset(c, account, FenceMode.SHADOW, epoch, 0).flatMap(r -> transfers.begin(c, command, jws));
            case FREEZE -> throw new IllegalStateException("sealed elsewhere");
            case CLOSE -> close(c, command, row);
            case ACTIVATE ->
                fences.change(c, account, FenceMode.OWN, epoch).flatMap(r -> transfers.task(c, account, Task.SETTLE));
            case KEEP ->
                fences.change(c, account, FenceMode.SHADOW, epoch)
                        .flatMap(r -> command.manifest() == null
                                ? transfers.task(c, account, null).flatMap(v -> acks.reached(c, account, r))
                                : transfers.check(c, command, jws));
            case FEED ->
                fences.change(c, account, FenceMode.SHADOW, epoch)
                        .flatMap(r -> transfers.feed(c, command, jws, r.version()));
            case PURGE -> purge(c, command);
        };
    }

    /** The row closes only when the last changes are in: the copying task does that. Without a copy there is nothing to close. */
    private Uni<Void> close(SqlConnection c, FenceCommand command, FenceRow row) {
        AccountId account = command.accountId();
        if (row.mode() != FenceMode.SHADOW || row.epoch() != command.shadowEpoch()) {
            return acks.trouble(c, account, row, "There is no shadow of this move to close.");
        }
        return transfers.closing(c, account, command);
    }
}
