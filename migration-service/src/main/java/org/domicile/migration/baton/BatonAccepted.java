package org.domicile.migration.baton;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.migration.directory.DirectoryPublisher;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.move.MoveState;
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
    private final DirectoryStore directory;
    private final MoveStore moves;
    private final DirectoryPublisher publisher;

    @Inject
    public BatonAccepted(
            Regions regions, WireFormat wire, DirectoryStore directory, MoveStore moves, DirectoryPublisher publisher) {
        this.regions = regions;
        this.wire = wire;
        this.directory = directory;
        this.moves = moves;
        this.publisher = publisher;
    }

    /** The answer may come late, when the account is back here already, or elsewhere, or erased: then it changes nothing. */
    public Uni<Void> by(SqlConnection connection, Delivery delivery) {
        var baton = wire.read(regions.verify(new JsonArray(delivery.body()).getString(0)), Baton.class);
        return directory
                .lock(connection, baton.accountId())
                .flatMap(row -> row.filter(known -> known.epoch() == baton.epoch())
                        .map(known -> publisher.publish(connection, baton.accountId(), baton.directory()))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .chain(() -> moves.find(connection, baton.move().id()))
                .flatMap(found -> found.filter(move -> move.state() == MoveState.CUT_OVER)
                        .map(move -> moves.update(connection, move.settle()))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }
}
