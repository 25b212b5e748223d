package org.domicile.account.registration;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.domicile.account.activity.ActivityStore;
import org.domicile.account.consent.ConsentState;
import org.domicile.account.device.DeviceState;
import org.domicile.account.guardian.Guardian;
import org.domicile.account.guardian.GuardianRules;
import org.domicile.account.guardian.GuardianStore;
import org.domicile.account.identity.Identities;
import org.domicile.account.identity.IdentityUser;
import org.domicile.account.law.LegalLog;
import org.domicile.account.profile.Identifier;
import org.domicile.account.profile.IdentifierIndex;
import org.domicile.account.profile.IdentifierIndex.IdentifierTaken;
import org.domicile.account.profile.Profile;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.domicile.platform.region.ServiceIdentity;

/**
 * Opens an account: first its Keycloak user, under the account's id, then, in one transaction, the fence row (OWN, epoch 1), the
 * profile and the events. A crash between the two is repaired by the repeated confirmation, or, if none comes, by the purge of the
 * registration, which removes the user.
 */
@ApplicationScoped
public class AccountOpening {
    static final long FIRST_EPOCH = 1;

    private final Pool pool;
    private final RegistrationStore registrations;
    private final Identities identities;
    private final IdentifierIndex index;
    private final ProfileStore profiles;
    private final Fence fence;
    private final ConsentState consents;
    private final DeviceState devices;
    private final GuardianStore guardians;
    private final GuardianRules guardianRules;
    private final ActivityStore activity;
    private final LegalLog legalLog;
    private final Outbox outbox;
    private final ServiceIdentity identity;
    private final Clock clock;

    @Inject
    public AccountOpening(
            Pool pool,
            RegistrationStore registrations,
            Identities identities,
            IdentifierIndex index,
            ProfileStore profiles,
            Fence fence,
            ConsentState consents,
            DeviceState devices,
            GuardianStore guardians,
            GuardianRules guardianRules,
            ActivityStore activity,
            LegalLog legalLog,
            Outbox outbox,
            ServiceIdentity identity,
            Clock clock) {
        this.pool = pool;
        this.registrations = registrations;
        this.identities = identities;
        this.index = index;
        this.profiles = profiles;
        this.fence = fence;
        this.consents = consents;
        this.devices = devices;
        this.guardians = guardians;
        this.guardianRules = guardianRules;
        this.activity = activity;
        this.legalLog = legalLog;
        this.outbox = outbox;
        this.identity = identity;
        this.clock = clock;
    }

    /** @return the account's id; fails with CONFLICT (409) if another account has the identifier */
    Uni<AccountId> open(Registration registration, Applicant applicant) {
        var account = new AccountId(registration.accountId);
        return index.find(applicant.identifier())
                .flatMap(owner -> {
                    if (owner.isPresent() && !owner.get().equals(account)) {
                        return Uni.createFrom().failure(taken());
                    }
                    return owner.isPresent()
                            ? Uni.createFrom().voidItem()
                            : registrations
                                    .started(registration.id)
                                    .flatMap(v -> identities.put(account, user(account, applicant), FIRST_EPOCH))
                                    .flatMap(v -> store(account, registration.market, applicant));
                })
                .flatMap(v -> registrations.confirmed(registration.id))
                .replaceWith(account);
    }

    private Uni<Void> store(AccountId account, String market, Applicant applicant) {
        var profile = profile(market, applicant);
        return pool.withTransaction(c -> fence.open(c, account)
                        .flatMap(made -> made
                                ? profiles.add(c, account, profile)
                                        .flatMap(v -> guardian(c, account, profile, applicant))
                                        .flatMap(v -> activity.begin(c, account, profile.openedAt()))
                                        .flatMap(v -> legalLog.add(c, account, market, LegalLog.ACCOUNT_OPENED))
                                        .flatMap(v -> publish(c, account, market))
                                : Uni.createFrom().voidItem()))
                .onFailure(IdentifierTaken.class)
                .recoverWithUni(() -> identities.delete(account, FIRST_EPOCH).flatMap(v -> Uni.createFrom()
                        .failure(taken())));
    }

    private Uni<Void> guardian(SqlConnection connection, AccountId account, Profile profile, Applicant applicant) {
        return applicant.guardian() == null
                ? Uni.createFrom().voidItem()
                : guardians.add(
                        connection,
                        account,
                        Guardian.of(
                                applicant.guardian(), profile.openedAt(), guardianRules.consentAge(profile.market())));
    }

    private Uni<Void> publish(SqlConnection connection, AccountId account, String market) {
        var opened = new JsonObject()
                .put("accountId", account.toString())
                .put("home", identity.region())
                .put("market", market)
                .put("epoch", FIRST_EPOCH);
        return outbox.add(connection, new OutboxEvent(Topics.ACCOUNT_EVENTS, account, Topics.ACCOUNT_OPENED, opened))
                .flatMap(v -> consents.publish(connection, account, FIRST_EPOCH))
                .flatMap(v -> devices.publish(connection, account, FIRST_EPOCH));
    }

    private Profile profile(String market, Applicant applicant) {
        var identifier = applicant.identifier();
        return new Profile(
                market,
                identifier.kind() == Identifier.Kind.EMAIL ? identifier.value() : null,
                identifier.kind() == Identifier.Kind.PHONE ? identifier.value() : null,
                applicant.displayName(),
                applicant.locale(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private static IdentityUser user(AccountId account, Applicant applicant) {
        return new IdentityUser(account.toString(), true, applicant.locale(), List.of(applicant.password()));
    }

    /** @return fails with CONFLICT (409) if another account has the identifier of the registration */
    Uni<Void> requireFree(Registration registration, Applicant applicant) {
        return index.find(applicant.identifier())
                .invoke(owner -> owner.filter(o -> !o.value().equals(registration.accountId))
                        .ifPresent(o -> {
                            throw taken();
                        }))
                .replaceWithVoid();
    }

    private static ProblemException taken() {
        return new ProblemException(ErrorCode.CONFLICT, "You have an account already: sign in with this identifier.");
    }
}
