package org.domicile.account.notice;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of notices. */
@ApplicationScoped
public class NoticeStore {
    private static final int BATCH = 100;
    private static final String COLUMNS = "id, kind, feature, at, due_at, sent_at";

    /** SQL: to be sent by a time, $1. */
    private static final String DUE =
            "n.sent_at is null and f.mode = 'OWN'" + " and (n.kind <> 'WITHDRAWAL' or n.at <= $1 and n.due_at > $1)";

    private final Pool pool;

    @Inject
    public NoticeStore(Pool pool) {
        this.pool = pool;
    }

    /** A notice, whose it is, and which of their identifiers have it already. */
    record Addressed(AccountId account, Notice notice, Set<Identifier.Kind> sentTo) {}

    public Uni<Void> add(FencedWrite write, Notice notice) {
        return write.connection()
                .preparedQuery(
                        "insert into notice (account_id, version, id, kind, feature, at, due_at, sent_at, try_at)"
                                + " values ($1, $2, $3, $4, $5, $6, $7, $8, case $4 when 'WITHDRAWAL' then $6 else now() end)")
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

    /** Of withdrawals, whether their time has come or not. */
    public Uni<List<Notice>> withdrawals(SqlClient client, AccountId account) {
        return client.preparedQuery("select " + COLUMNS + " from notice where account_id = $1 and kind = 'WITHDRAWAL'")
                .execute(Tuple.of(account.value()))
                .map(NoticeStore::notices);
    }

    /** One of inactivity that was not sent means nothing once the owner is here again. */
    public Uni<Void> withdrawInactivity(FencedWrite write) {
        return write.connection()
                .preparedQuery("delete from notice where account_id = $1 and kind = 'INACTIVITY' and sent_at is null")
                .execute(Tuple.of(write.account().value()))
                .replaceWithVoid();
    }

    /** The account's notices whose time has come, newest first. */
    Uni<List<Notice>> all(AccountId account, Instant now) {
        return pool.preparedQuery("select " + COLUMNS
                        + " from notice where account_id = $1 and (kind <> 'WITHDRAWAL' or at <= $2)"
                        + " order by at desc, due_at desc")
                .execute(Tuple.of(account.value(), at(now)))
                .map(NoticeStore::notices);
    }

    /**
     * Some that are to be sent, of accounts at home here; no other instance takes them meanwhile. Whatever becomes of them, they are tried
     * again after a minute, then after twice as long each time, up to an hour; none of a withdrawal whose purge has begun.
     */
    Uni<List<Addressed>> take(Instant now) {
        return pool.preparedQuery("update notice t set tries = tries + 1,"
                        + " try_at = $1 + least(power(2, least(tries, 6)), 60) * interval '1 minute'"
                        + " from (select account_id, id from notice n join fence f using (account_id) where " + DUE
                        + " and try_at <= $1 order by try_at limit " + BATCH + " for update of n skip locked) taken"
                        + " where t.account_id = taken.account_id and t.id = taken.id"
                        + " returning t.account_id, t.id, kind, feature, at, due_at, sent_at, sent_to")
                .execute(Tuple.of(at(now)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Addressed(
                                new AccountId(row.getUUID("account_id")),
                                notice(row),
                                Stream.of(row.getArrayOfStrings("sent_to"))
                                        .map(Identifier.Kind::valueOf)
                                        .collect(Collectors.toSet())))
                        .toList());
    }

    /** For how long the oldest that is to be sent has been; zero if there is none. */
    Uni<Duration> oldest(Instant now) {
        return pool.preparedQuery("select min(n.at) as at from notice n join fence f using (account_id) where " + DUE)
                .execute(Tuple.of(at(now)))
                .map(rows -> instant(rows.iterator().next(), "at"))
                .map(at -> at == null || at.isAfter(now) ? Duration.ZERO : Duration.between(at, now));
    }

    Uni<Void> sentTo(AccountId account, UUID id, Identifier.Kind kind) {
        return pool.preparedQuery(
                        "update notice set sent_to = array_append(sent_to, $3) where account_id = $1 and id = $2")
                .execute(Tuple.of(account.value(), id, kind.name()))
                .replaceWithVoid();
    }

    /** Every identifier has it. The account is not erased for inactivity before the day that the notice said. */
    Uni<Void> sent(FencedWrite write, Notice notice) {
        return write.connection()
                .preparedQuery("with sent as (update notice set sent_at = $3, due_at = $4, version = $5"
                        + " where account_id = $1 and id = $2 and sent_at is null returning kind)"
                        + " update activity set erase_at = greatest(erase_at, $4), version = $5"
                        + " from sent where account_id = $1 and kind = 'INACTIVITY' and erase_at is not null")
                .execute(Tuple.of(
                        write.account().value(), notice.id(), at(notice.sentAt()), at(notice.dueAt()), write.version()))
                .replaceWithVoid();
    }

    private static List<Notice> notices(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(NoticeStore::notice)
                .toList();
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
