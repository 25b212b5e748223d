package org.domicile.migration.command;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.domicile.migration.directory.KnownHome;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.region.Regions;

/** Takes another region's commands for participants here, if that region is the account's home. */
@ApplicationScoped
public class CommandRelay {
    private final Pool pool;
    private final Regions regions;
    private final KnownHome knownHome;
    private final CommandOffice office;
    private final WireFormat wire;

    @Inject
    public CommandRelay(Pool pool, Regions regions, KnownHome knownHome, CommandOffice office, WireFormat wire) {
        this.pool = pool;
        this.regions = regions;
        this.knownHome = knownHome;
        this.office = office;
        this.wire = wire;
    }

    /** @param signed JWS → the command in it, its signature verified as the caller's */
    public Uni<Void> take(Map<String, JsonObject> signed, String caller) {
        var commands = new LinkedHashMap<String, FenceCommand>();
        signed.forEach((jws, payload) -> commands.put(jws, brought(wire.read(payload, FenceCommand.class), caller)));
        return pool.withTransaction(connection -> Multi.createFrom()
                .iterable(commands.entrySet())
                .onItem()
                .transformToUniAndConcatenate(
                        e -> relay(connection, e.getValue(), e.getKey(), caller).replaceWith(e))
                .collect()
                .last()
                .replaceWithVoid());
    }

    private FenceCommand brought(FenceCommand command, String caller) {
        if (!command.issuer().equals(caller) || !regions.isSelf(command.region())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "A command is brought by its issuer, to its region.");
        }
        return command;
    }

    private Uni<Void> relay(SqlConnection connection, FenceCommand command, String jws, String caller) {
        return knownHome
                .locked(connection, command.accountId(), caller, command.epoch())
                .flatMap(row -> row.isEmpty() ? Uni.createFrom().voidItem() : office.relay(connection, command, jws));
    }
}
