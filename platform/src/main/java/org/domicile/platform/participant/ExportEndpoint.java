package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Stream;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;

/** An owner's export of a participant: its classes of data, and what it stores that does not move. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class ExportEndpoint {
    private static final int LIMIT = 1_000;

    private final PeerServer server;
    private final Pool pool;
    private final FenceStore fences;
    private final Participant participant;
    private final ServiceIdentity identity;

    @Inject
    ExportEndpoint(PeerServer server, Pool pool, FenceStore fences, Participant participant, ServiceIdentity identity) {
        this.server = server;
        this.pool = pool;
        this.fences = fences;
        this.participant = participant;
        this.identity = identity;
    }

    void mount(@Observes StartupEvent event) {
        new ExportRoutes(pool, identity, classes(), (c, account) -> fences.read(c, account)
                        .map(row -> row.mode() == FenceMode.OWN || row.mode() == FenceMode.FROZEN))
                .mount(server);
    }

    /** What is exported. */
    public List<ExportClass> classes() {
        return Stream.concat(
                        participant.classes().stream().map(c -> ExportClass.of(c, LIMIT)),
                        participant.exportedBeside().stream())
                .toList();
    }
}
