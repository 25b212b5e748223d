package org.domicile.account.consent;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.ConsentConfig;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** Records what an owner switches on and off, and publishes the whole state in the same transaction. */
@ApplicationScoped
public class Consents {
    private final Pool pool;
    private final Fence fence;
    private final ConsentLedger ledger;
    private final ConsentState state;
    private final WithdrawalNotices notices;
    private final ConsentConfig config;
    private final Clock clock;

    @Inject
    public Consents(
            Pool pool,
            Fence fence,
            ConsentLedger ledger,
            ConsentState state,
            WithdrawalNotices notices,
            ConsentConfig config,
            Clock clock) {
        this.pool = pool;
        this.fence = fence;
        this.ledger = ledger;
        this.state = state;
        this.notices = notices;
        this.config = config;
        this.clock = clock;
    }

    Uni<List<LedgerEntry>> ledger(AccountId account) {
        return ledger.all(pool, account);
    }

    /** @return the entry that says it; an older one if nothing changes; fails with POLICY_OUTDATED (409) */
    Uni<LedgerEntry> set(AccountId account, Feature feature, boolean granted, String policyVersion, String locale) {
        if (granted && !config.isInForce(policyVersion)) {
            throw new ProblemException(
                    ErrorCode.POLICY_OUTDATED,
                    "Show the owner the policy of version "
                            + config.policyVersion().orElseThrow() + ", then ask again.",
                    Map.of("policyVersion", config.policyVersion().orElseThrow()));
        }
        return fence.write(
                account, write -> ledger.current(write.connection(), account).flatMap(current -> current.stream()
                        .filter(e -> e.feature() == feature && e.says(granted, policyVersion))
                        .findFirst()
                        .map(e -> Uni.createFrom().item(e))
                        .orElseGet(() -> append(write, feature, granted, policyVersion, locale))));
    }

    private Uni<LedgerEntry> append(
            FencedWrite write, Feature feature, boolean granted, String policyVersion, String locale) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return ledger.last(write.connection(), write.account())
                .map(last -> LedgerEntry.after(last, write.account(), feature, granted, policyVersion, locale, now))
                .call(entry -> ledger.add(write, entry))
                .call(entry -> notices.decided(write, entry))
                .call(entry -> state.publish(write.connection(), write.account(), write.epoch()));
    }
}
