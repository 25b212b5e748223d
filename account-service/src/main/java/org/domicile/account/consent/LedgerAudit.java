package org.domicile.account.consent;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.platform.account.AccountId;

/**
 * Walks the ledgers of this region, some at a time: first every chain, then every ledger's newest entry as it was published, which
 * the ledger still has to have.
 */
@ApplicationScoped
public class LedgerAudit {
    private static final int LIMIT = 1_000;

    private final Pool pool;
    private final ConsentLedger ledger;
    private final PublishedHeads published;

    @Inject
    public LedgerAudit(Pool pool, ConsentLedger ledger, PublishedHeads published) {
        this.pool = pool;
        this.ledger = ledger;
        this.published = published;
    }

    /**
     * @param sequence of the first entry that does not follow from the one before, was changed, is missing, or is not the one that was
     *     published
     */
    public record Broken(AccountId accountId, long sequence) {}

    /**
     * @param accounts how many ledgers were walked
     * @param published how many entries were compared with what was published
     * @param next ask again with this; null after the last
     */
    public record Page(int accounts, int published, List<Broken> broken, String next) {}

    /** @param from where to go on */
    Uni<Page> page(AuditPosition from) {
        return switch (from) {
            case AuditPosition.Ledgers after -> chains(after.account());
            case AuditPosition.Published after -> heads(after.position());
        };
    }

    private Uni<Page> chains(AccountId after) {
        return ledger.accountsAfter(pool, after, LIMIT).flatMap(accounts -> Multi.createFrom()
                .iterable(accounts)
                .onItem()
                .transformToUniAndConcatenate(this::check)
                .collect()
                .asList()
                .map(found -> new Page(
                        accounts.size(),
                        0,
                        found.stream().filter(b -> b.sequence() > 0).toList(),
                        (accounts.size() < LIMIT
                                        ? AuditPosition.FIRST_PUBLISHED
                                        : new AuditPosition.Ledgers(accounts.getLast()))
                                .text())));
    }

    /** @return with sequence 0 if the chain holds */
    private Uni<Broken> check(AccountId account) {
        return ledger.all(pool, account)
                .map(LedgerCheck::firstBroken)
                .map(broken -> new Broken(account, broken.orElse(0)));
    }

    private Uni<Page> heads(PublishedHeads.Position position) {
        return published.from(position).flatMap(page -> ledger.lacking(pool, page.heads())
                .map(broken -> new Page(
                        0,
                        page.heads().size(),
                        broken,
                        page.next() == null ? null : new AuditPosition.Published(page.next()).text())));
    }
}
