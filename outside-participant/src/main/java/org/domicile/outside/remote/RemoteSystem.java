package org.domicile.outside.remote;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.domicile.outside.HttpsEndpoint;
import org.domicile.outside.OutsideConfig;
import org.domicile.outside.OutsideSystem;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.participant.MoveBlocked;
import org.domicile.platform.participant.RecordClass;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logging.Logger;

/**
 * A system that implements the participant API. Its own fence stops its writers and its own digests are believed; what stands here
 * is a copy of its fence row, by which the platform's machinery orders commands, copies and acknowledges. The system always changes
 * first: what is acknowledged has happened there.
 */
public final class RemoteSystem implements OutsideSystem {
    private static final Logger LOG = Logger.getLogger(RemoteSystem.class);

    private final ParticipantClient client;
    private final RemoteStore store;
    private final List<String> names;
    private final List<RecordClass> classes;
    private final ServiceIdentity identity;

    public RemoteSystem(OutsideConfig.Remote config, Pool pool, Vertx vertx, ServiceIdentity identity) {
        this.client = new ParticipantClient(new HttpsEndpoint(vertx, config));
        this.store = new RemoteStore(pool);
        this.names = List.copyOf(config.classes());
        this.classes = names.stream()
                .map(name -> (RecordClass) new RemoteRecords(client, name))
                .toList();
        this.identity = identity;
    }

    @Override
    public List<RecordClass> classes() {
        return classes;
    }

    @Override
    public Uni<Boolean> attach() {
        return client.classes().map(there -> {
            if (!there.equals(names)) {
                LOG.errorf(
                        "the system has other classes of data than domicile.outside.remote.classes region=%s reason=it has %s, the setting %s",
                        identity.region(), there, names);
            }
            return there.equals(names);
        });
    }

    @Override
    public Uni<Void> adopted(AccountId account, long epoch) {
        return client.open(account, epoch).replaceWithVoid();
    }

    @Override
    public boolean awaitsCommands() {
        return true;
    }

    /** Every command goes to the system, which orders epochs by itself; CLOSE waits here for the last records. */
    @Override
    public Uni<Void> ordered(FenceCommand command, String jws) {
        if (command.operation() == FenceOperation.CLOSE) {
            return store.keepClose(command.accountId(), command.epoch(), jws);
        }
        return client.command(jws).flatMap(row -> {
            if (row.epoch() < command.epoch()) {
                throw new IllegalStateException("the system has not executed the command: " + row);
            }
            var frozen = command.operation() == FenceOperation.FREEZE && row.epoch() == command.epoch();
            if (frozen && !row.done()) {
                throw new IllegalStateException("writes are still in flight in the system");
            }
            return frozen
                    ? store.counted(command.accountId(), command.epoch(), row.version())
                    : Uni.createFrom().voidItem();
        });
    }

    @Override
    public Uni<Void> closing(AccountId account) {
        return store.close(account)
                .flatMap(client::command)
                .invoke(row -> {
                    if (row.mode() != FenceMode.CLOSED) {
                        throw new IllegalStateException("the system has not closed the account: " + row);
                    }
                })
                .replaceWithVoid();
    }

    @Override
    public Uni<Long> counter(AccountId account, FenceRow row) {
        return client.row(account).map(RemoteRow::version);
    }

    /** The system's own digests; at the source they must be those of the records that it gave. */
    @Override
    public Uni<SortedMap<String, ClassDigest>> digested(
            SqlConnection connection, AccountId account, byte[] macKey, SortedMap<String, ClassDigest> kept) {
        return client.row(account)
                .flatMap(row -> client.digests(account, macKey).invoke(digests -> {
                    if (row.mode() == FenceMode.FROZEN && !digests.equals(kept)) {
                        throw new MoveBlocked("The system's digests are not those of the records that it gave: "
                                + "run ./domicile participant check against it.");
                    }
                }));
    }

    @Override
    public Uni<Void> purged(SqlConnection connection, AccountId account) {
        return store.dropClose(connection, account);
    }

    @Override
    public Uni<SortedMap<String, Long>> enumerate(AccountId account) {
        return client.row(account).map(row -> {
            var found = new TreeMap<String, Long>();
            if (row.left() > 0) {
                found.put("system", row.left());
            }
            return found;
        });
    }

    @Override
    public Uni<SortedMap<String, Long>> projections(SqlClient client, AccountId account) {
        return Uni.createFrom().item(new TreeMap<>());
    }
}
