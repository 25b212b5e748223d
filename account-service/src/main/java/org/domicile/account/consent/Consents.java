package org.domicile.account.consent;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.domicile.account.guardian.GuardianStore;
import org.domicile.account.notice.Notice;
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
    private final GuardianStore guardians;
    private final ConsentConfig config;
    private final Clock clock;

    @Inject
    public Consents(
            Pool pool,
            Fence fence,
            ConsentLedger ledger,
            ConsentState state,
            WithdrawalNotices notices,
            GuardianStore guardians,
            ConsentConfig config,
            Clock clock) {
        this.pool = pool;
        this.fence = fence;
        this.ledger = ledger;
        this.state = state;
        this.notices = notices;
        this.guardians = guardians;
        this.config = config;
        this.clock = clock;
    }

    Uni<List<LedgerEntry>> ledger(AccountId account) {
        return ledger.all(pool, account);
    }

    /** What the owner was told of withdrawals. */
    Uni<List<Notice>> told(AccountId account) {
        return notices.all(pool, account);
    }

    /**
     * What the owner wants.
     *
     * @return the entry that says it, an older one if nothing changes; empty if the account's guardian must agree first: nothing is
     *     recorded then; fails with INVALID_REQUEST (400) for a version that nobody was ever shown, POLICY_OUTDATED (409)
     */
    Uni<Optional<LedgerEntry>> set(
            AccountId account, Feature feature, boolean granted, String policyVersion, String locale) {
        requireKnown(policyVersion);
        requireInForce(granted, policyVersion);
        return fence.write(account, write -> said(write, feature, granted, policyVersion)
                .flatMap(said -> said.isPresent()
                        ? Uni.createFrom().item(said)
                        : mayDecide(write, granted)
                                .flatMap(may -> may
                                        ? append(write, feature, granted, policyVersion, locale, false)
                                                .map(Optional::of)
                                        : Uni.createFrom().item(Optional.empty()))));
    }

    /** What a guardian agreed to. @return fails with POLICY_OUTDATED (409) if the policy has changed since it was asked */
    public Uni<Void> grantedByGuardian(FencedWrite write, Feature feature, String policyVersion, String locale) {
        requireInForce(true, policyVersion);
        return said(write, feature, true, policyVersion)
                .flatMap(said -> said.isPresent()
                        ? Uni.createFrom().voidItem()
                        : append(write, feature, true, policyVersion, locale, true)
                                .replaceWithVoid());
    }

    /** A guardian switches off; what is off stays as it is. */
    public Uni<Void> withdrawnByGuardian(FencedWrite write, Feature feature) {
        return ledger.current(write.connection(), write.account()).flatMap(current -> current.stream()
                .filter(e -> e.feature() == feature && e.granted())
                .findFirst()
                .map(e -> append(write, feature, false, e.policyVersion(), e.locale(), true)
                        .replaceWithVoid())
                .orElse(Uni.createFrom().voidItem()));
    }

    /** Whoever has a guardian switches on with them; to switch off nobody needs to be asked. */
    private Uni<Boolean> mayDecide(FencedWrite write, boolean granted) {
        return granted
                ? guardians.find(write.connection(), write.account()).map(Optional::isEmpty)
                : Uni.createFrom().item(true);
    }

    private void requireKnown(String policyVersion) {
        if (!config.isKnown(policyVersion)) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    "There is no policy of version \"" + policyVersion + "\": the version in force is "
                            + config.currentPolicy() + " (GET /v1/me/consents names it).",
                    Map.of("policyVersion", config.currentPolicy()));
        }
    }

    private void requireInForce(boolean granted, String policyVersion) {
        if (granted && !config.isInForce(policyVersion)) {
            throw new ProblemException(
                    ErrorCode.POLICY_OUTDATED,
                    "Show the owner the policy of version " + config.currentPolicy() + ", then ask again.",
                    Map.of("policyVersion", config.currentPolicy()));
        }
    }

    private Uni<Optional<LedgerEntry>> said(FencedWrite write, Feature feature, boolean granted, String policyVersion) {
        return ledger.current(write.connection(), write.account()).map(current -> current.stream()
                .filter(e -> e.feature() == feature && e.says(granted, policyVersion))
                .findFirst());
    }

    private Uni<LedgerEntry> append(
            FencedWrite write,
            Feature feature,
            boolean granted,
            String policyVersion,
            String locale,
            boolean guardian) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return ledger.last(write.connection(), write.account())
                .map(last -> LedgerEntry.after(
                        last, write.account(), feature, granted, policyVersion, locale, now, guardian))
                .call(entry -> ledger.add(write, entry))
                .call(entry -> notices.decided(write, entry))
                .call(entry -> state.publish(write.connection(), write.account(), write.epoch()));
    }
}
