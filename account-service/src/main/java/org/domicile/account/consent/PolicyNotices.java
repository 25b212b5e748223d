package org.domicile.account.consent;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.account.notice.Notice;
import org.domicile.account.notice.NoticeStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.ConsentConfig;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.jboss.logging.Logger;

/**
 * Tells owners, once for each policy, that what they switched on stands still until they agree to it: nothing that needs the consent is
 * stored, and an owner whose app does not ask would learn it from nobody else.
 */
@ApplicationScoped
public class PolicyNotices {
    private static final Logger LOG = Logger.getLogger(PolicyNotices.class);
    private static final UUID FIRST = new UUID(0, 0);
    private static final int BATCH = 500;

    /** Accounts at home here, from the one after $3, that have a feature on under a policy older than $1. */
    private static final String UNTOLD =
            "select distinct c.account_id from consent c join activity t using (account_id)"
                    + " join fence f using (account_id) where c.granted and c.policy_version < $1 and f.mode = 'OWN'"
                    + " and t.told_policy is distinct from $1 and c.account_id > $3 and not exists (select from consent n"
                    + " where n.account_id = c.account_id and n.feature = c.feature and n.sequence > c.sequence)"
                    + " order by account_id limit $2";

    private final Pool pool;
    private final Fence fence;
    private final ConsentLedger ledger;
    private final NoticeStore notices;
    private final ConsentConfig config;
    private final Clock clock;

    @Inject
    public PolicyNotices(
            Pool pool, Fence fence, ConsentLedger ledger, NoticeStore notices, ConsentConfig config, Clock clock) {
        this.pool = pool;
        this.fence = fence;
        this.ledger = ledger;
        this.notices = notices;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(every = "${domicile.consent.tell:1h}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> tell() {
        return tellAfter(FIRST)
                .onFailure()
                .invoke(f -> LOG.warnf("owners of older consents not told, will try again reason=%s", f))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> tellAfter(UUID account) {
        return untold(account)
                .flatMap(accounts -> accounts.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : tellAll(accounts)
                                .flatMap(v -> tellAfter(accounts.getLast().value())));
    }

    private Uni<List<AccountId>> untold(UUID after) {
        return pool.preparedQuery(UNTOLD)
                .execute(Tuple.of(config.currentPolicy(), BATCH, after))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID("account_id")))
                        .toList());
    }

    private Uni<Void> tellAll(List<AccountId> accounts) {
        return Multi.createFrom()
                .iterable(accounts)
                .onItem()
                .transformToUniAndConcatenate(this::tell)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** One that is frozen must not keep the others waiting. */
    private Uni<AccountId> tell(AccountId account) {
        return fence.write(account, this::tellIfOutdated)
                .onFailure()
                .invoke(f -> LOG.infof("owner of an older consent not told now account=%s reason=%s", account, f))
                .onFailure()
                .recoverWithNull()
                .replaceWith(account);
    }

    /** Looks again in the transaction: the owner may have agreed. */
    private Uni<Void> tellIfOutdated(FencedWrite write) {
        return ledger.current(write.connection(), write.account())
                .flatMap(entries -> entries.stream().anyMatch(this::isOutdated)
                        ? note(write)
                        : Uni.createFrom().voidItem());
    }

    private boolean isOutdated(LedgerEntry entry) {
        return entry.granted() && !config.isInForce(entry.policyVersion());
    }

    /** Not if another instance has told. */
    private Uni<Void> note(FencedWrite write) {
        return write.connection()
                .preparedQuery("update activity set told_policy = $2, version = $3"
                        + " where account_id = $1 and told_policy is distinct from $2")
                .execute(Tuple.of(write.account().value(), config.currentPolicy(), write.version()))
                .flatMap(rows -> rows.rowCount() == 0
                        ? Uni.createFrom().voidItem()
                        : notices.add(
                                write, Notice.policyChanged(clock.instant().truncatedTo(ChronoUnit.MILLIS))));
    }
}
