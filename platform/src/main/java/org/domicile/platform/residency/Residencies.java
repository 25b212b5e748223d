package org.domicile.platform.residency;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.residency.DirectoryRefusals.Reason;

/**
 * This service's projection of the residency directory. A row is believed only if it was signed by the region that this
 * projection holds to be the account's home; the first row of an account, by the region that it names as the home before.
 */
@ApplicationScoped
public class Residencies {
    /** What comes late, or again after a restore, is of no account any more. */
    private static final String UNLESS_ERASED =
            " where not exists (select from erased_account where account_hash = sha256(uuid_send($1)))";

    private final Pool pool;
    private final Regions regions;
    private final ServiceIdentity identity;
    private final DirectoryRefusals refusals;

    @Inject
    public Residencies(Pool pool, Regions regions, ServiceIdentity identity, DirectoryRefusals refusals) {
        this.pool = pool;
        this.regions = regions;
        this.identity = identity;
        this.refusals = refusals;
    }

    public Uni<Optional<Residency>> of(AccountId account) {
        return of(pool, account);
    }

    /** On the connection of a transaction, which must not wait for a second one. */
    public Uni<Optional<Residency>> of(SqlClient client, AccountId account) {
        return client.preparedQuery("select home, epoch, previous, since from residency where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> {
                    var all = rows.iterator();
                    return all.hasNext() ? Optional.of(residency(all.next())) : Optional.empty();
                });
    }

    /** The region to send the account's requests to, if the directory names another one than this. */
    public Uni<Optional<Residency>> elsewhere(AccountId account) {
        return elsewhere(pool, account);
    }

    /** The same on the connection of a transaction. */
    public Uni<Optional<Residency>> elsewhere(SqlClient client, AccountId account) {
        return of(client, account).map(found -> found.filter(r -> !regions.isSelf(r.home())));
    }

    public WrongRegion wrongRegion(Residency residency) {
        return new WrongRegion(
                residency, regions.get(residency.home()).publicUrls().get(identity.service()));
    }

    /**
     * Takes a directory row that some region signed, if it is newer than what is known. One that is refused is counted by its reason; a
     * repeated row is not.
     *
     * @throws InvalidSignature if it was not signed by the account's home of the epoch before, or says another home than the row of its
     *     epoch
     */
    public Uni<Void> learn(String jws) {
        var row = verified(jws);
        var signer = SignedDocument.claimedKeyId(jws);
        var account = AccountId.parse(row.getString("accountId"));
        return of(account).flatMap(known -> {
            if (known.isPresent() && known.get().epoch() >= row.getLong("epoch")) {
                return old(account, row, signer, known.get());
            }
            var believed = known.map(Residency::home).orElse(row.getString("from"));
            if (!believed.equals(signer) && signer.equals(row.getString("from"))) {
                refusals.count(Reason.UNPROVEN);
                return keep(account, row.getLong("epoch"), jws);
            }
            if (!believed.equals(signer)) {
                refusals.count(Reason.WRONG_SIGNER);
                return Uni.createFrom()
                        .failure(new InvalidSignature("directory row of " + account + " is signed by " + signer
                                + ", not by its home " + believed));
            }
            return store(account, row, signer).flatMap(stored -> proveKept(account));
        });
    }

    private JsonObject verified(String jws) {
        try {
            var row = regions.verify(jws);
            AccountId.parse(row.getString("accountId"));
            regions.get(row.getString("home"));
            return row;
        } catch (RuntimeException e) {
            refusals.count(Reason.FORGED);
            throw e;
        }
    }

    /** One of the epoch that is known is repeated, or the region that signed it has said two things. */
    private Uni<Void> old(AccountId account, JsonObject row, String signer, Residency known) {
        if (row.getLong("epoch") < known.epoch()) {
            refusals.count(Reason.STALE);
        } else if (!row.getString("home").equals(known.home())) {
            refusals.count(Reason.CONFLICTING);
            return Uni.createFrom()
                    .failure(new InvalidSignature("directory row of " + account + " signed by " + signer
                            + " names another home than the one of its epoch"));
        }
        return Uni.createFrom().voidItem();
    }

    /** The topics of regions have no order between them: a row may come before the one that makes its signer the home. */
    private Uni<Void> keep(AccountId account, long epoch, String jws) {
        return pool.preparedQuery("insert into residency_unproven (account_id, epoch, jws) select $1, $2, $3"
                        + UNLESS_ERASED + " on conflict (account_id, epoch) do update set jws = excluded.jws")
                .execute(Tuple.of(account.value(), epoch, jws))
                .replaceWithVoid();
    }

    private Uni<Void> proveKept(AccountId account) {
        return pool.preparedQuery("delete from residency_unproven u using residency r where u.account_id = $1"
                        + " and r.account_id = u.account_id and u.epoch <= r.epoch")
                .execute(Tuple.of(account.value()))
                .flatMap(dropped -> pool.preparedQuery(
                                "select jws from residency_unproven where account_id = $1 order by epoch")
                        .execute(Tuple.of(account.value())))
                .onItem()
                .transformToMulti(RowSet::toMulti)
                .onItem()
                .transformToUniAndConcatenate(r -> learn(r.getString("jws")).replaceWith(r))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> store(AccountId account, JsonObject row, String signer) {
        return pool.preparedQuery("insert into residency (account_id, home, epoch, previous, since)"
                        + " select $1, $2, $3, $4, $5" + UNLESS_ERASED
                        + " on conflict (account_id) do update set home = excluded.home,"
                        + " epoch = excluded.epoch, previous = excluded.previous, since = excluded.since"
                        + " where excluded.epoch > residency.epoch and residency.home = $6")
                .execute(Tuple.of(
                        account.value(),
                        row.getString("home"),
                        row.getLong("epoch"),
                        row.getString("from"),
                        Instant.parse(row.getString("at")).atOffset(ZoneOffset.UTC),
                        signer))
                .replaceWithVoid();
    }

    private static Residency residency(Row row) {
        return new Residency(
                row.getString("home"),
                row.getLong("epoch"),
                row.getString("previous"),
                row.get(OffsetDateTime.class, "since").toInstant());
    }
}
