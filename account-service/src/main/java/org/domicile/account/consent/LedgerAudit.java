package org.domicile.account.consent;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.platform.account.AccountId;

/** Walks the ledgers of this region, some accounts at a time. */
@ApplicationScoped
public class LedgerAudit {
    private static final int LIMIT = 1_000;

    private final Pool pool;
    private final ConsentLedger ledger;

    @Inject
    public LedgerAudit(Pool pool, ConsentLedger ledger) {
        this.pool = pool;
        this.ledger = ledger;
    }

    /** @param sequence of the first entry that does not follow from the one before, or was changed */
    public record Broken(AccountId accountId, long sequence) {}

    /**
     * @param accounts how many ledgers were walked
     * @param next ask again with this; null after the last
     */
    public record Page(int accounts, List<Broken> broken, AccountId next) {}

    /** @param after the last account of the page before; the zero id for the first */
    Uni<Page> page(AccountId after) {
        return ledger.accountsAfter(pool, after, LIMIT).flatMap(accounts -> Multi.createFrom()
                .iterable(accounts)
                .onItem()
                .transformToUniAndConcatenate(this::check)
                .collect()
                .asList()
                .map(found -> new Page(
                        accounts.size(),
                        found.stream().filter(b -> b.sequence() > 0).toList(),
                        accounts.size() < LIMIT ? null : accounts.getLast())));
    }

    /** @return with sequence 0 if the chain holds */
    private Uni<Broken> check(AccountId account) {
        return ledger.all(pool, account)
                .map(LedgerCheck::firstBroken)
                .map(broken -> new Broken(account, broken.orElse(0)));
    }
}
