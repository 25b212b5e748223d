package org.domicile.migration.export;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.ExportClass;
import org.domicile.platform.participant.ExportRoutes;
import org.domicile.platform.participant.ExportTable;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;

/** What this service holds of an account, for its owner's export. Why an operator did something, and who, is not the owner's data. */
@ApplicationScoped
public class ExportEndpoint {
    private static final List<ExportClass> CLASSES = List.of(
            new ExportTable("directory", "directory"),
            new ExportTable("directory-log", "directory_log", "number"),
            new ExportTable("moves", "move", "reason", "requested_by", "aborted_by"),
            new ExportTable("move-steps", "move_step", "reason"),
            new ExportTable("commands", "command"),
            new ExportTable("acks", "ack"),
            new ExportTable("receipts", "receipt"),
            new ExportTable("labels", "account_label"),
            new ExportTable("wave-accounts", "wave_account", "reason"),
            new ExportTable("transfer-heads", "transfer_head"));

    private final PeerServer server;
    private final Pool pool;
    private final ServiceIdentity identity;

    @Inject
    ExportEndpoint(PeerServer server, Pool pool, ServiceIdentity identity) {
        this.server = server;
        this.pool = pool;
        this.identity = identity;
    }

    void mount(@Observes StartupEvent event) {
        new ExportRoutes(pool, identity, CLASSES, this::isHome).mount(server);
    }

    /** What is exported. */
    public List<ExportClass> classes() {
        return CLASSES;
    }

    private Uni<Boolean> isHome(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("select from directory where account_id = $1 and home = $2")
                .execute(Tuple.of(account.value(), identity.region()))
                .map(rows -> rows.size() > 0);
    }
}
