package org.domicile.migration.baton;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.migration.directory.DirectoryPublisher;
import org.domicile.migration.move.MoveStore;
import org.domicile.migration.peer.Delivery;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.region.Regions;

/**
 * The new home has the baton: the move is its business now, and this region's services learn at once where the account went,
 * without waiting for the mirrored directory.
 */
@ApplicationScoped
public class BatonAccepted {
    private final Regions regions;
    private final WireFormat wire;
    private final MoveStore moves;
    private final DirectoryPublisher directory;

    @Inject
    public BatonAccepted(Regions regions, WireFormat wire, MoveStore moves, DirectoryPublisher directory) {
        this.regions = regions;
        this.wire = wire;
        this.moves = moves;
        this.directory = directory;
    }

    public Uni<Void> by(SqlConnection connection, Delivery delivery) {
        var baton = wire.read(regions.verify(new JsonArray(delivery.body()).getString(0)), Baton.class);
        return moves.update(connection, baton.move().settle())
                .chain(() -> directory.publish(connection, baton.accountId(), baton.directory()));
    }
}
