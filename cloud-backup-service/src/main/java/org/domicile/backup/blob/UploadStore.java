package org.domicile.backup.blob;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of PENDING blobs. They are this region's own: they do not travel with the account. */
@ApplicationScoped
public class UploadStore {
    private final Pool pool;

    @Inject
    public UploadStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Void> insert(FencedWrite write, Upload upload, Instant at) {
        return write.connection()
                .preparedQuery("insert into uploads (account_id, generation, repository, type, name, size, device_id,"
                        + " started_at) values ($1, $2, $3, $4, $5, $6, $7, $8)")
                .execute(Tuple.from(List.of(
                        upload.account().value(),
                        upload.generation(),
                        upload.key().repository().value(),
                        upload.key().type().id(),
                        upload.key().name(),
                        upload.size(),
                        upload.device().value(),
                        at.atOffset(ZoneOffset.UTC))))
                .replaceWithVoid();
    }

    /** @return whether the row was still there */
    Uni<Boolean> delete(SqlClient client, Upload upload) {
        return client.preparedQuery("delete from uploads where account_id = $1 and generation = $2")
                .execute(Tuple.of(upload.account().value(), upload.generation()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Uploads that began before the instant, at most 1,000. */
    Uni<List<Upload>> startedBefore(Instant before) {
        return pool.preparedQuery("select account_id, generation, repository, type, name, size, device_id from uploads"
                        + " where started_at < $1 limit 1000")
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Upload(
                                new AccountId(row.getUUID("account_id")),
                                row.getUUID("generation"),
                                new BlobKey(
                                        new RepositoryName(row.getString("repository")),
                                        BlobType.find(row.getString("type")).orElseThrow(),
                                        row.getString("name")),
                                row.getLong("size"),
                                new DeviceId(row.getString("device_id"))))
                        .toList());
    }
}
