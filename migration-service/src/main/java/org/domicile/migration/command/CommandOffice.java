package org.domicile.migration.command;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryState;
import org.domicile.migration.law.EndLaws;
import org.domicile.migration.move.MigrationConfig;
import org.domicile.migration.peer.Commits;
import org.domicile.migration.peer.Delivery;
import org.domicile.migration.peer.DeliveryStore;
import org.domicile.migration.peer.NearCommands;
import org.domicile.migration.peer.WireFormat;
import org.domicile.migration.wave.WavePace;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.Pace;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.sql.Pipeline;
import org.domicile.platform.trace.TraceParent;

/**
 * Signs orders and sends them in the transaction that decided them: to this region's participants on
 * {@code residency.commands}, to another region's through its migration-service. Where writes wait for it, a command is also brought to
 * the participant directly ({@link NearCommands}). The primary key of {@code command} holds
 * rule 4: at most one command per participant and epoch.
 */
@ApplicationScoped
public class CommandOffice {
    /** A copy while the account is live. */
    private static final Set<FenceOperation> PACED = Set.of(FenceOperation.SHADOW, FenceOperation.FEED);

    private final ServiceIdentity identity;
    private final Regions regions;
    private final SigningKey key;
    private final Outbox outbox;
    private final DeliveryStore deliveries;
    private final WireFormat wire;
    private final WavePace paces;
    private final EndLaws laws;
    private final NearCommands nearby;
    private final Commits commits;
    private final MigrationConfig config;

    @Inject
    public CommandOffice(
            ServiceIdentity identity,
            Regions regions,
            SigningKey key,
            Outbox outbox,
            DeliveryStore deliveries,
            WireFormat wire,
            WavePace paces,
            EndLaws laws,
            NearCommands nearby,
            Commits commits,
            MigrationConfig config) {
        this.identity = identity;
        this.regions = regions;
        this.key = key;
        this.outbox = outbox;
        this.deliveries = deliveries;
        this.wire = wire;
        this.paces = paces;
        this.laws = laws;
        this.nearby = nearby;
        this.commits = commits;
        this.config = config;
    }

    /** @param peer the other region of the move, for participants here */
    public Uni<Void> send(
            SqlConnection connection, DirectoryRow row, String peer, long shadowEpoch, List<Order> orders) {
        return send(connection, row, peer, shadowEpoch, orders, record(connection, row.account(), orders));
    }

    /** The same of orders that were given before. */
    public Uni<Void> repeat(
            SqlConnection connection, DirectoryRow row, String peer, long shadowEpoch, List<Order> orders) {
        return send(connection, row, peer, shadowEpoch, orders, Uni.createFrom().voidItem());
    }

    /** Whether anything was ordered here at this epoch of the account. */
    public Uni<Boolean> hasOrdered(SqlConnection connection, AccountId account, long epoch) {
        return connection
                .preparedQuery("select from command where account_id = $1 and epoch = $2 limit 1")
                .execute(Tuple.of(account.value(), epoch))
                .map(rows -> rows.size() == 1);
    }

    private Uni<Void> send(
            SqlConnection connection,
            DirectoryRow row,
            String peer,
            long shadowEpoch,
            List<Order> orders,
            Uni<Void> recorded) {
        var account = row.account();
        var held = laws(row, peer, orders);
        return orders.stream().anyMatch(order -> PACED.contains(order.operation()))
                ? paces.of(connection, account)
                        .flatMap(pace -> send(connection, account, peer, shadowEpoch, orders, pace, held, recorded))
                : send(connection, account, peer, shadowEpoch, orders, Optional.empty(), held, recorded);
    }

    /** With the order to purge one end, the time at two places is over; an account at rest is at one. */
    private List<String> laws(DirectoryRow row, String peer, List<Order> orders) {
        return row.state() == DirectoryState.IDLE
                        || orders.stream().anyMatch(order -> order.operation() == FenceOperation.PURGE)
                ? List.of()
                : laws.of(row.market(), peer);
    }

    private Uni<Void> send(
            SqlConnection connection,
            AccountId account,
            String peer,
            long shadowEpoch,
            List<Order> orders,
            Optional<Pace> pace,
            List<String> held,
            Uni<Void> recorded) {
        var byKafka = new ArrayList<String>();
        var near = new ArrayList<String>();
        var abroad = new ArrayList<String>();
        var closes = new ArrayList<String>();
        for (var order : orders) {
            var here = regions.isSelf(order.region());
            var jws = key.sign(wire.write(
                    command(order, account, here ? peer : identity.region(), shadowEpoch, pace.orElse(null), held)));
            var reached = nearby.reaches(order.service());
            if (!here) {
                (reached && order.operation() == FenceOperation.CLOSE && !order.awaited() ? closes : abroad).add(jws);
            } else if (reached && order.operation() == FenceOperation.FREEZE) {
                near.add(jws);
            } else {
                byKafka.add(jws);
                if (reached && order.operation() == FenceOperation.ACTIVATE) {
                    bringOnCommit(connection, jws);
                }
            }
        }
        return Pipeline.inOrder(
                recorded,
                publish(connection, account, byKafka),
                deliver(connection, account, identity.region(), Delivery.NEAR, Delivery.NEAR, near),
                deliver(connection, account, peer, Delivery.ORDERS, Delivery.COMMANDS, abroad),
                closes.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : deliveries.add(
                                connection,
                                new Delivery(account, peer, Delivery.CLOSES, Delivery.COMMANDS, array(closes)),
                                config.closePatience()));
    }

    private void bringOnCommit(SqlConnection connection, String jws) {
        var trace = TraceParent.current();
        commits.after(connection, () -> nearby.copy(jws, trace));
    }

    private Uni<Void> deliver(
            SqlConnection connection,
            AccountId account,
            String region,
            String lane,
            String kind,
            List<String> commands) {
        return commands.isEmpty()
                ? Uni.createFrom().voidItem()
                : deliveries.add(connection, new Delivery(account, region, lane, kind, array(commands)));
    }

    private static String array(List<String> commands) {
        return new JsonArray(commands).encode();
    }

    /** Passes another region's command on to this region's participants until they answer; at once where writes wait for it. */
    public Uni<Void> relay(SqlConnection connection, FenceCommand command, String jws) {
        return connection
                .preparedQuery("with known as (insert into command (account_id, region, service, epoch, operation)"
                        + " values ($1, $2, $3, $4, $5) on conflict do nothing) select where not exists (select from ack"
                        + " where account_id = $1 and region = $2 and service = $3 and epoch = $4)")
                .execute(Tuple.of(
                        command.accountId().value(),
                        command.region(),
                        command.service(),
                        command.epoch(),
                        command.operation().id()))
                .flatMap(result -> {
                    if (result.rowCount() == 0) {
                        return Uni.createFrom().voidItem();
                    }
                    if (command.operation() == FenceOperation.CLOSE && nearby.reaches(command.service())) {
                        bringOnCommit(connection, jws);
                    }
                    return publish(connection, command.accountId(), List.of(jws));
                });
    }

    private FenceCommand command(
            Order order, AccountId account, String peer, long shadowEpoch, Pace pace, List<String> held) {
        return new FenceCommand(
                order.operation(),
                account,
                order.service(),
                order.region(),
                order.epoch(),
                identity.region(),
                peer,
                shadowEpoch,
                order.manifest(),
                order.projections(),
                PACED.contains(order.operation()) ? pace : null,
                held);
    }

    private static Uni<Void> record(SqlConnection connection, AccountId account, List<Order> orders) {
        return orders.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery("insert into command (account_id, region, service, epoch, operation)"
                                + " values ($1, $2, $3, $4, $5)")
                        .executeBatch(orders.stream()
                                .map(order -> Tuple.of(
                                        account.value(),
                                        order.region(),
                                        order.service(),
                                        order.epoch(),
                                        order.operation().id()))
                                .toList())
                        .replaceWithVoid();
    }

    private Uni<Void> publish(SqlConnection connection, AccountId account, List<String> commands) {
        return outbox.add(
                connection,
                commands.stream()
                        .map(jws -> new OutboxEvent(
                                Topics.RESIDENCY_COMMANDS,
                                account,
                                Topics.COMMAND_V1,
                                new JsonObject().put("jws", jws)))
                        .toList());
    }
}
