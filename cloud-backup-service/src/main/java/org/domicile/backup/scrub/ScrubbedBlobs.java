package org.domicile.backup.scrub;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.platform.account.AccountId;

/** Blobs of repositories: their SHA-256 is in their row. */
@ApplicationScoped
public class ScrubbedBlobs implements Scrubbed {
    private final ObjectStore objects;

    @Inject
    public ScrubbedBlobs(ObjectStore objects) {
        this.objects = objects;
    }

    @Override
    public String table() {
        return "blobs";
    }

    @Override
    public String id() {
        return "blob_id";
    }

    @Override
    public Uni<Boolean> isGood(AccountId account, Row row) {
        return objects.sha256(ObjectStore.key(account, row.getUUID("generation")))
                .map(actual -> actual.equals(Optional.of(row.getString("sha256"))));
    }
}
