package org.domicile.platform.fence;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.ConsentGate;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FencedGroup.Passed;
import org.domicile.platform.residency.Residencies;

/**
 * The only way to write an account's data (migration.md rule 2). One statement at the start of the transaction checks the mode,
 * raises the account's version and takes the fence row until commit: writes of one account commit in version order, and a
 * freeze queues behind those in flight only, because new ones see its intent and wait outside any transaction.
 */
@ApplicationScoped
public class Fence {
    private static final String PASS = "update fence set version = version + 1 where account_id = $1 and mode = 'OWN'"
            + " and not exists (select from fence_intent i where i.account_id = $1 and i.epoch > fence.epoch)"
            + " returning version, epoch";
    /**
     * $1, $3: accounts, and how many versions each is given; $2: the feature. Rows are taken in the order of accounts, those held by
     * others are left out.
     */
    private static final String PASS_TOGETHER = "with free as (select account_id from fence where account_id = any($1)"
            + " order by account_id for no key update skip locked),"
            + " passed as (update fence f set version = f.version + w.writes"
            + " from free, unnest($1::uuid[], $3::int[]) as w (account_id, writes)"
            + " where f.account_id = free.account_id and f.account_id = w.account_id and f.mode = 'OWN'"
            + " and not exists (select from fence_intent i where i.account_id = f.account_id and i.epoch > f.epoch)"
            + " returning f.account_id, f.version)"
            + " select account_id, passed.version, " + ConsentGate.DECISION
            + " from passed left join consent_projection using (account_id)";

    private static final String OPEN =
            "select f.mode = 'OWN' and coalesce(i.epoch <= f.epoch, true) as open from fence f"
                    + " left join fence_intent i using (account_id) where f.account_id = $1";

    private final Pool pool;
    private final FenceStore store;
    private final ConsentGate gate;
    private final Residencies residencies;
    private final FenceConfig config;
    private final Clock clock;
    private final SharedLooks<Boolean> looks;

    @Inject
    public Fence(
            Pool pool, FenceStore store, ConsentGate gate, Residencies residencies, FenceConfig config, Clock clock) {
        this.pool = pool;
        this.store = store;
        this.gate = gate;
        this.residencies = residencies;
        this.config = config;
        this.clock = clock;
        this.looks = new SharedLooks<>(config.look(), this::isOpen);
    }

    /**
     * Runs the work in a transaction that has passed the fence. A caller that goes away does not undo it. The work may run again
     * after a pause, never twice to commit.
     *
     * @return fails with WRONG_REGION (421), ACCOUNT_FROZEN or UNAVAILABLE (503), NOT_FOUND (404), or as the work fails
     */
    public <T> Uni<T> write(AccountId account, Function<FencedWrite, Uni<T>> work) {
        var until = clock.instant().plus(config.deadline());
        return Uni.createFrom()
                .deferred(() -> attempt(account, work, until))
                .memoize()
                .indefinitely();
    }

    /**
     * As {@link #write(AccountId, Function)}, and the owner's consent for the feature is required in the same transaction. A consent
     * given a moment ago is waited for.
     */
    public <T> Uni<T> write(AccountId account, Feature feature, Function<FencedWrite, Uni<T>> work) {
        return consented(account, feature, work)
                .onFailure(Fence::lacksConsent)
                .recoverWithUni(refusal -> gate.grantedSoon(account, feature)
                        .flatMap(granted -> granted
                                ? consented(account, feature, work)
                                : Uni.createFrom().failure(refusal)));
    }

    /**
     * Runs the work in one transaction for those of the accounts whose fence lets a write pass at once. It never waits for one: an
     * account whose row another transaction holds, that is frozen or not here, is left out, and its writes are the caller's to do with
     * {@link #write}. Work that fails undoes what was written for all.
     *
     * @param writes how many versions each account needs
     */
    public <T> Uni<T> writeTogether(
            SortedMap<AccountId, Integer> writes, Feature feature, Function<FencedGroup, Uni<T>> work) {
        return pool.withTransaction(connection -> connection
                .preparedQuery(PASS_TOGETHER)
                .execute(Tuple.of(
                        writes.keySet().stream().map(AccountId::value).toArray(UUID[]::new),
                        feature.id(),
                        writes.values().toArray(Integer[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(
                                row -> new AccountId(row.getUUID("account_id")),
                                row -> new Passed(row.getLong("version"), gate.isGranted(row)))))
                .flatMap(passed -> work.apply(new FencedGroup(connection, passed))));
    }

    private <T> Uni<T> consented(AccountId account, Feature feature, Function<FencedWrite, Uni<T>> work) {
        return write(account, write -> gate.require(write.connection(), account, feature)
                .chain(() -> work.apply(write)));
    }

    private static boolean lacksConsent(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code() == ErrorCode.CONSENT_REQUIRED;
    }

    public Uni<FenceRow> row(AccountId account) {
        return store.read(pool, account);
    }

    /** Makes the row of an account opened here, once; a row that exists, a tombstone too, stays as it is. */
    public Uni<Boolean> open(SqlConnection connection, AccountId account) {
        return store.open(connection, account);
    }

    private <T> Uni<T> attempt(AccountId account, Function<FencedWrite, Uni<T>> work, Instant until) {
        return pool.<T>withTransaction(connection -> pass(connection, account).flatMap(work::apply))
                .onFailure(Held.class)
                .recoverWithUni(() -> decide(account)
                        .flatMap(answer -> opened(account, until, answer))
                        .flatMap(open -> attempt(account, work, until)));
    }

    /** Waits until the row lets writes pass; fails with the answer if it does not in time. */
    private Uni<Void> opened(AccountId account, Instant until, ProblemException answer) {
        if (!clock.instant().isBefore(until)) {
            return Uni.createFrom().failure(answer);
        }
        return looks.next(account).flatMap(open -> open ? Uni.createFrom().voidItem() : opened(account, until, answer));
    }

    private Uni<Boolean> isOpen(AccountId account) {
        return here(account)
                .flatMap(here -> pool.preparedQuery(OPEN).execute(Tuple.of(account.value())))
                .map(rows -> rows.size() > 0 && rows.iterator().next().getBoolean("open"));
    }

    private Uni<FencedWrite> pass(SqlConnection connection, AccountId account) {
        return connection.preparedQuery(PASS).execute(Tuple.of(account.value())).map(rows -> {
            if (rows.size() == 0) {
                throw new Held();
            }
            var row = rows.iterator().next();
            return new FencedWrite(connection, account, row.getLong("version"), row.getLong("epoch"));
        });
    }

    /** Gives the answer for when waiting does not help; fails with it if waiting cannot help. */
    private Uni<ProblemException> decide(AccountId account) {
        return here(account).flatMap(here -> row(account)).map(row -> switch (row.mode()) {
            case OWN, FROZEN, CLOSED, SHADOW -> frozen();
            case NONE -> {
                if (row.isTombstone()) {
                    throw gone();
                }
                // opened a moment ago: the news of it may be on its way to this service
                yield unknown();
            }
        });
    }

    /** Fails if the directory names another region. */
    private Uni<Void> here(AccountId account) {
        return residencies
                .elsewhere(account)
                .invoke(elsewhere -> elsewhere.ifPresent(home -> {
                    throw residencies.wrongRegion(home);
                }))
                .replaceWithVoid();
    }

    private static ProblemException gone() {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no such account in this region.");
    }

    private static ProblemException unknown() {
        return new ProblemException(
                ErrorCode.UNAVAILABLE,
                "The account is not known here yet: try again in a second.",
                Map.of("retryAfter", 1));
    }

    private static ProblemException frozen() {
        return new ProblemException(
                ErrorCode.ACCOUNT_FROZEN,
                "The account is being moved to another region: try again in a second.",
                Map.of("retryAfter", 1));
    }

    /** The fence row does not let a write pass now. */
    private static final class Held extends RuntimeException {
        Held() {
            super("held by the fence", null, false, false);
        }
    }
}
