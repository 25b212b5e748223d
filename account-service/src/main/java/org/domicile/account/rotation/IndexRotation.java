package org.domicile.account.rotation;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.domicile.account.consent.ConsentState;
import org.domicile.account.profile.IdentifierIndex;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.domicile.platform.key.KeysConfig;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.jboss.logging.Logger;

/**
 * Makes the blind index again after the region's index key was rotated, while the service goes on. An entry needs the identifier in
 * clear, which only the profile has: account by account, in one transaction that has passed the fence, the entries are made under the
 * current key, the older ones go, and the hashes by which others find the account are published again.
 * {@code domicile_index_under_old_key} says how many accounts are left; at 0 the old key may be taken out of use and destroyed.
 */
@ApplicationScoped
public class IndexRotation {
    private static final Logger LOG = Logger.getLogger(IndexRotation.class);
    private static final UUID FIRST = new UUID(0, 0);
    private static final int BATCH = 500;
    /** A KMS may take milliseconds an account. */
    private static final int AT_ONCE = 4;

    private final Fence fence;
    private final IdentifierIndex index;
    private final ProfileStore profiles;
    private final ConsentState consents;
    private final Look look;
    private final Look.Finding old;

    @Inject
    public IndexRotation(
            Fence fence,
            IdentifierIndex index,
            ProfileStore profiles,
            ConsentState consents,
            KeysConfig config,
            Looks looks) {
        this.fence = fence;
        this.index = index;
        this.profiles = profiles;
        this.consents = consents;
        this.look = looks.of("index", config.every());
        this.old = look.finding(
                "domicile.index.under.old.key", null, "Accounts that are found by an older index key only");
    }

    @Scheduled(every = "${domicile.keys.every:1h}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return reindex()
                .onFailure()
                .invoke(f -> LOG.warnf("index not made again, will try again reason=%s", f.toString()))
                .onFailure()
                .recoverWithItem(0L)
                .replaceWithVoid();
    }

    /** @return how many accounts still have an entry under an older key: those between two homes, and those whose key is away */
    public Uni<Long> reindex() {
        return from(FIRST, 0).invoke(this::found);
    }

    private void found(long left) {
        old.set(left);
        look.succeeded();
    }

    private Uni<Long> from(UUID after, long left) {
        return index.underOlderKey(after, BATCH)
                .flatMap(accounts -> accounts.isEmpty()
                        ? Uni.createFrom().item(left)
                        : reindex(accounts)
                                .flatMap(kept -> from(accounts.getLast().value(), left + kept)));
    }

    private Uni<Long> reindex(List<AccountId> accounts) {
        return Multi.createFrom()
                .iterable(accounts)
                .onItem()
                .transformToUni(this::reindex)
                .merge(AT_ONCE)
                .filter(done -> !done)
                .collect()
                .with(Collectors.counting());
    }

    /** @return false if it has to be tried again */
    private Uni<Boolean> reindex(AccountId account) {
        return fence.write(account, this::reindex)
                .replaceWith(true)
                .onFailure()
                .invoke(f -> LOG.warnf("index not made again account=%s reason=%s", account, f.toString()))
                .onFailure()
                .recoverWithItem(false);
    }

    private Uni<Void> reindex(FencedWrite write) {
        return profiles.read(write.connection(), write.account())
                .flatMap(profile -> index.makeAgain(write.connection(), write.account(), profile.identifiers()))
                .flatMap(v -> consents.publishIfDiscoverable(write.connection(), write.account(), write.epoch()));
    }
}
