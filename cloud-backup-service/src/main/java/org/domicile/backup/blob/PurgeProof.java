package org.domicile.backup.blob;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashSet;
import java.util.stream.Collectors;
import org.domicile.backup.metrics.BackupMetrics;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A deletion is believed only when the store, asked page by page, no longer lists what was deleted; else an alarm is raised. */
@ApplicationScoped
public class PurgeProof {
    public static final String PURGE_INCOMPLETE = "org.domicile.backup.purge.incomplete.v1";
    private static final Logger LOG = Logger.getLogger(PurgeProof.class);

    private final ObjectStore objects;
    private final Pool pool;
    private final Outbox outbox;
    private final BackupMetrics metrics;

    @Inject
    public PurgeProof(ObjectStore objects, Pool pool, Outbox outbox, BackupMetrics metrics) {
        this.objects = objects;
        this.pool = pool;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /**
     * @param prefix below which all of them were
     * @return how many of the objects the store still lists; an alarm has then been raised
     */
    public Uni<Long> left(AccountId account, String prefix, Collection<String> deleted) {
        if (deleted.isEmpty()) {
            return Uni.createFrom().item(0L);
        }
        var gone = new HashSet<>(deleted);
        return objects.list(prefix)
                .map(page ->
                        page.stream().map(S3Object::key).filter(gone::contains).count())
                .collect()
                .with(Collectors.summingLong(Long::longValue))
                .call(left -> left == 0 ? Uni.createFrom().voidItem() : alarm(account, left));
    }

    /**
     * Says, to whoever watches metrics, events or the log, that objects outlived their purge.
     *
     * @param left how many, or of how many it could not be shown that they are gone
     */
    public Uni<Void> alarm(AccountId account, long left) {
        LOG.errorf("purge incomplete account=%s objects=%d", account, left);
        metrics.purgeAlarm();
        var data = new JsonObject().put("accountId", account.toString()).put("objectsLeft", left);
        return pool.withTransaction(connection ->
                outbox.add(connection, new OutboxEvent(Uploads.BACKUP_EVENTS, account, PURGE_INCOMPLETE, data)));
    }
}
