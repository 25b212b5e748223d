package org.domicile.migration.ack;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
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
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.region.Regions;

/** Takes what a participant reports: keeps it, and takes the move on or passes it to the region that does. */
@ApplicationScoped
public class AckIntake {
    private final Regions regions;
    private final DirectoryStore directory;
    private final AckStore acks;
    private final DeliveryStore deliveries;
    private final WireFormat wire;
    private final MoveCoordinator coordinator;
    private final ErasureCoordinator erasures;

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
        return coordinator.transaction(connection -> directory
                .lock(connection, ack.accountId())
                .flatMap(row -> acks.of(connection, ack.accountId()).flatMap(known -> {
                    var now = known.with(ack);
                    if (known.contains(ack) || !now.contains(ack)) {
                        return Uni.createFrom().item(List.of());
                    }
                    return acks.put(connection, ack).chain(() -> act(connection, row, ack, now));
                })));
    }

    private Uni<List<Move>> act(SqlConnection connection, Optional<DirectoryRow> row, FenceAck ack, Acks now) {
        if (row.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var home = row.get().home();
        if (row.get().state() == DirectoryState.ERASING) {
            return erasures.advance(connection, row.get(), now).replaceWith(List.of());
        }
        if (regions.isSelf(home)) {
            return coordinator.advance(connection, row.get(), now);
        }
        if (!regions.isSelf(ack.region())) {
            return Uni.createFrom().item(List.of());
        }
        var body = new JsonArray().add(wire.write(ack)).encode();
        return deliveries
                .add(connection, new Delivery(ack.accountId(), home, "acks/" + ack.service(), Delivery.ACKS, body))
                .replaceWith(List.of());
    }
}
