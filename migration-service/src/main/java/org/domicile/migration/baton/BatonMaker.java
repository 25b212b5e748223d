package org.domicile.migration.baton;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.command.SigningKey;
import org.domicile.migration.directory.DirectoryPublisher;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveStore;
import org.domicile.migration.peer.Delivery;
import org.domicile.migration.peer.DeliveryStore;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.sql.Pipeline;

/** Makes the baton in the transaction that commits the cut-over. */
@ApplicationScoped
public class BatonMaker {
    private final MoveStore moves;
    private final DirectoryPublisher directory;
    private final DeliveryStore deliveries;
    private final SigningKey key;
    private final WireFormat wire;

    @Inject
    public BatonMaker(
            MoveStore moves, DirectoryPublisher directory, DeliveryStore deliveries, SigningKey key, WireFormat wire) {
        this.moves = moves;
        this.directory = directory;
        this.deliveries = deliveries;
        this.key = key;
        this.wire = wire;
    }

    /** @param away the directory row that names the new home */
    public Uni<Void> handOver(SqlConnection connection, Move move, DirectoryRow away, Acks known) {
        return moves.steps(connection, move.account(), move.id()).flatMap(steps -> {
            var ofMove = known.all().stream()
                    .filter(ack -> ack.epoch() >= move.shadowEpoch())
                    .toList();
            var baton = new Baton(
                    move.account(),
                    move.source(),
                    move.target(),
                    away.epoch(),
                    away.market(),
                    directory.sign(move.account(), move.source(), move.target(), away.epoch()),
                    move,
                    steps,
                    ofMove);
            var body = new JsonArray().add(key.sign(wire.write(baton))).encode();
            return Pipeline.inOrder(
                    deliveries.drop(connection, move.account(), Delivery.CLOSES),
                    deliveries.add(
                            connection,
                            new Delivery(move.account(), move.target(), Delivery.ORDERS, Delivery.BATONS, body)));
        });
    }
}
