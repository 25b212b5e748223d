package org.domicile.account.registration;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import org.domicile.account.code.CodesConfig;
import org.domicile.account.identity.Identities;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;

/** Deletes registrations past their time, and of one that never became an account the key and the Keycloak user. */
@ApplicationScoped
public class RegistrationPurge {
    private static final int BATCH = 200;

    private final RegistrationStore store;
    private final ProfileStore profiles;
    private final Identities identities;
    private final AccountKeys keys;
    private final CodesConfig config;

    @Inject
    public RegistrationPurge(
            RegistrationStore store,
            ProfileStore profiles,
            Identities identities,
            AccountKeys keys,
            CodesConfig config) {
        this.store = store;
        this.profiles = profiles;
        this.identities = identities;
        this.keys = keys;
        this.config = config;
    }

    /** @return how many were deleted, of a batch */
    public Uni<Long> purge(Instant now) {
        return store.expired(now.minus(config.retention()), BATCH).flatMap(expired -> Multi.createFrom()
                .iterable(expired)
                .onItem()
                .transformToUniAndConcatenate(this::purge)
                .collect()
                .asList()
                .map(done -> (long) done.size()));
    }

    private Uni<Boolean> purge(Registration registration) {
        return (registration.confirmed
                        ? Uni.createFrom().voidItem()
                        : removeOrphans(new AccountId(registration.accountId), registration.started))
                .flatMap(v -> store.delete(registration.id))
                .replaceWith(true);
    }

    private Uni<Void> removeOrphans(AccountId account, boolean started) {
        return profiles.exists(account)
                .flatMap(open -> open
                        ? Uni.createFrom().voidItem()
                        : (started
                                        ? identities.delete(account, AccountOpening.FIRST_EPOCH)
                                        : Uni.createFrom().voidItem())
                                .flatMap(v -> keys.delete(account)));
    }
}
