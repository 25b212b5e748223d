package org.domicile.account.export;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.ExportRoutes;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.ServiceIdentity;

/** What the region's services hold of an account, asked of each over mutual TLS. */
@ApplicationScoped
public class Holdings {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final PeerClient peers;
    private final ServiceIdentity identity;

    @Inject
    public Holdings(PeerClient peers, ServiceIdentity identity) {
        this.peers = peers;
        this.identity = identity;
    }

    /** Names of a service's classes of data. */
    Uni<JsonArray> classes(String service, AccountId account) {
        return get(service, ExportRoutes.PATH + "/" + account);
    }

    /** Some records of a class above a version, in version order; empty after the last. */
    Uni<JsonArray> records(String service, AccountId account, String recordClass, long after) {
        return get(service, ExportRoutes.PATH + "/" + account + "/" + recordClass + "?after=" + after);
    }

    private Uni<JsonArray> get(String service, String path) {
        var request =
                peers.request(HttpMethod.GET, identity.region(), service, path).setTimeout(TIMEOUT.toMillis());
        return peers.ask(request, null).map(answer -> {
            if (answer.status() != 200) {
                throw new IllegalStateException(service + " answered " + answer.status() + " to an export");
            }
            return answer.body().toJsonArray();
        });
    }
}
