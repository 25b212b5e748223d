package org.domicile.account.notice;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of notices. */
@ApplicationScoped
public class NoticeStore {
    private static final int BATCH = 100;
    private static final String COLUMNS = "id, kind, feature, at, due_at, sent_at";

    private final Pool pool;

    @Inject
    public NoticeStore(Pool pool) {
        this.pool = pool;
    }

    /** A notice, and whose it is. */
    record Addressed(AccountId account, Notice notice) {}

    public Uni<Void> add(FencedWrite write, Notice notice) {
        return write.connection()
                .preparedQuery("insert into notice (account_id, version, id, kind, feature, at, due_at, sent_at)"
                        + " values ($1, $2, $3, $4, $5, $6, $7, $8)")
                .execute(Tuple.from(new Object[] {
                    write.account().value(),
                    write.version(),
                    notice.id(),
                    notice.kind().name(),
                    notice.feature() == null ? null : notice.feature().id(),
                    at(notice.at()),
                    at(notice.dueAt()),
                    notice.sentAt() == null ? null : at(notice.sentAt())
                }))
                .replaceWithVoid();
    }

    /** Notices of a feature's withdrawal that are not due yet mean nothing once it is granted again. */
    public Uni<Void> withdraw(FencedWrite write, Feature feature, Instant now) {
        return write.connection()
                .preparedQuery("delete from notice where account_id = $1 and kind = 'WITHDRAWAL' and feature = $2"
                        + " and due_at > $3")
                .execute(Tuple.of(write.account().value(), feature.id(), at(now)))
                .replaceWithVoid();
    }

    /** The account's notices whose time has come, newest first. */
    Uni<List<Notice>> all(AccountId account, Instant now) {
        return pool.preparedQuery("select " + COLUMNS
                        + " from notice where account_id = $1 and (kind <> 'WITHDRAWAL' or at <= $2)"
                        + " order by at desc, due_at desc")
                .execute(Tuple.of(account.value(), at(now)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(NoticeStore::notice)
                        .toList());
    }

    /** Some that are not sent yet though their time has come, of accounts at home here. */
    Uni<List<Addressed>> unsent(Instant now) {
        return pool.preparedQuery("select account_id, id, kind, feature, n.at, due_at, sent_at from notice n join"
                        + " fence f using (account_id) where sent_at is null and (kind <> 'WITHDRAWAL' or n.at <= $1) and f.mode ="
                        + " 'OWN' order by n.at limit " + BATCH)
                .execute(Tuple.of(at(now)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Addressed(new AccountId(row.getUUID("account_id")), notice(row)))
                        .toList());
    }

    Uni<Void> sent(FencedWrite write, UUID id, Instant now) {
        return write.connection()
                .preparedQuery("update notice set sent_at = $3, version = $4 where account_id = $1 and id = $2")
                .execute(Tuple.of(write.account().value(), id, at(now), write.version()))
                .replaceWithVoid();
    }

    private static Notice notice(Row row) {
        return new Notice(
                row.getUUID("id"),
                Notice.Kind.valueOf(row.getString("kind")),
                row.getString("feature") == null
                        ? null
                        : Feature.find(row.getString("feature")).orElseThrow(),
                instant(row, "at"),
                instant(row, "due_at"),
                instant(row, "sent_at"));
    }

    private static Instant instant(Row row, String column) {
        var value = row.get(OffsetDateTime.class, column);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
