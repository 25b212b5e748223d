package org.domicile.migration.ack;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryState;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.erasure.ErasureCoordinator;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveCoordinator;
import org.domicile.migration.peer.Delivery;
import org.domicile.migration.peer.DeliveryStore;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.region.Regions;

/**
 * Takes what participants report: keeps it, and takes the move on or passes it to the region that does. What comes in while an
 * account's acks are being taken is taken together afterwards: three participants close at the same time, and writes wait.
 */
@ApplicationScoped
public class AckIntake {
    private final Regions regions;
    private final DirectoryStore directory;
    private final AckStore acks;
    private final DeliveryStore deliveries;
    private final WireFormat wire;
    private final MoveCoordinator coordinator;
    private final ErasureCoordinator erasures;
    private final AckQueue queue = new AckQueue(this::take);
    private final RecentAcks recent = new RecentAcks();

    @Inject
    public AckIntake(
            Regions regions,
            DirectoryStore directory,
            AckStore acks,
            DeliveryStore deliveries,
            WireFormat wire,
            MoveCoordinator coordinator,
            ErasureCoordinator erasures) {
        this.regions = regions;
        this.directory = directory;
        this.acks = acks;
        this.deliveries = deliveries;
        this.wire = wire;
        this.coordinator = coordinator;
        this.erasures = erasures;
    }

    public Uni<Void> take(FenceAck ack) {
        return recent.contains(ack)
                ? Uni.createFrom().voidItem()
                : queue.add(ack).invoke(() -> recent.add(ack));
    }

    private Uni<Void> take(AccountId account, List<FenceAck> reported) {
        return coordinator.transaction(
                connection -> directory.lock(connection, account).flatMap(row -> acks.of(connection, account)
                        .flatMap(known -> {
                            var now = known;
                            var news = new ArrayList<FenceAck>();
                            for (var ack : reported) {
                                var next = now.with(ack);
                                if (!now.contains(ack) && next.contains(ack)) {
                                    news.add(ack);
                                    now = next;
                                }
                            }
                            var all = now;
                            return news.isEmpty()
                                    ? Uni.createFrom().item(List.of())
                                    : acks.put(connection, news).chain(() -> act(connection, row, news, all));
                        })));
    }

    private Uni<List<Move>> act(SqlConnection connection, Optional<DirectoryRow> row, List<FenceAck> news, Acks now) {
        if (row.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var home = row.get().home();
        if (row.get().state() == DirectoryState.ERASING) {
            return erasures.advance(connection, row.get(), now).replaceWith(List.of());
        }
        if (regions.isSelf(home)) {
            return coordinator.advance(connection, row.get(), now).call(() -> noteFences(connection, row.get(), news));
        }
        var passed = Uni.createFrom().voidItem();
        for (var ack : news) {
            if (regions.isSelf(ack.region())) {
                passed = passed.chain(() -> deliveries.add(connection, delivery(ack, home)));
            }
        }
        return passed.replaceWith(List.of());
    }

    /** A service at the home of an account that is not being moved is fenced by a move that a restored database forgot. */
    private Uni<Void> noteFences(SqlConnection connection, DirectoryRow row, List<FenceAck> news) {
        var resting = row.state() == DirectoryState.IDLE || row.state() == DirectoryState.SOAK;
        return resting && news.stream().anyMatch(ack -> isFenced(ack, row))
                ? acks.noteFence(connection, row.account(), row.home())
                : Uni.createFrom().voidItem();
    }

    private static boolean isFenced(FenceAck ack, DirectoryRow row) {
        return ack.region().equals(row.home())
                && ack.epoch() < row.epoch()
                && (ack.mode() == FenceMode.FROZEN || ack.mode() == FenceMode.SHADOW);
    }

    private Delivery delivery(FenceAck ack, String home) {
        var body = new JsonArray().add(wire.write(ack)).encode();
        return new Delivery(ack.accountId(), home, "acks/" + ack.service(), Delivery.ACKS, body);
    }
}
