package org.domicile.account.registration;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.domicile.account.code.Codes;
import org.domicile.account.code.CodesConfig;
import org.domicile.account.guardian.AgeBand;
import org.domicile.account.guardian.GuardianRules;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.profile.GivenIdentifier;
import org.domicile.account.profile.IdentifierIndex;
import org.domicile.account.region.Market;
import org.domicile.account.region.Placement;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.region.Regions;

/**
 * Sign-up: a registration now, an account when its code comes back, and a minor's when the guardian's has come back too. A known
 * identifier takes the same path, with the same work, and is told apart only after its holder has proved to hold it.
 */
@ApplicationScoped
public class Registrations {
    private static final String FIELD = "registration";

    private final Placement placement;
    private final Regions regions;
    private final GuardianRules guardians;
    private final RegistrationStore store;
    private final RegistrationCodes sending;
    private final AccountOpening opening;
    private final IdentifierIndex index;
    private final PasswordHash passwords;
    private final AccountKeys keys;
    private final Codes codes;
    private final CodesConfig config;
    private final Clock clock;

    @Inject
    public Registrations(
            Placement placement,
            Regions regions,
            GuardianRules guardians,
            RegistrationStore store,
            RegistrationCodes sending,
            AccountOpening opening,
            IdentifierIndex index,
            PasswordHash passwords,
            AccountKeys keys,
            Codes codes,
            CodesConfig config,
            Clock clock) {
        this.placement = placement;
        this.regions = regions;
        this.guardians = guardians;
        this.store = store;
        this.sending = sending;
        this.opening = opening;
        this.index = index;
        this.passwords = passwords;
        this.keys = keys;
        this.codes = codes;
        this.config = config;
        this.clock = clock;
    }

    /** @return the registration's id; fails with WRONG_REGION (421), WEAK_PASSWORD, TOO_MANY_REQUESTS, … and stores nothing then */
    Uni<UUID> begin(SignUp signUp, String locale) {
        var market = placement.get(signUp.market());
        requireHome(market);
        var identifier = GivenIdentifier.of(signUp.email(), signUp.phone(), market.id());
        var guardian = guardians.guardian(market.id(), AgeBand.parse(signUp.ageBand()), signUp.guardian(), identifier);
        PasswordRules.violation(signUp.password(), identifier).ifPresent(sentence -> {
            throw new ProblemException(ErrorCode.WEAK_PASSWORD, sentence);
        });
        return sending.spend(identifier, guardian.orElse(null))
                .flatMap(v -> index.macs(identifier))
                .flatMap(macs -> passwords
                        .hash(signUp.password())
                        .map(hash ->
                                new Applicant(identifier, signUp.displayName(), locale, hash, guardian.orElse(null)))
                        .flatMap(applicant -> register(market, macs.getFirst(), applicant)));
    }

    /** @return the open account's id, the same again when repeated; empty while another's code is missing */
    Uni<Optional<AccountId>> confirm(UUID id, String code) {
        return store.attempt(id).flatMap(registration -> {
            requireOpen(registration);
            return whose(registration, code).flatMap(guardian -> {
                if (guardian.isEmpty()) {
                    throw new ProblemException(
                            ErrorCode.WRONG_CODE, "Send the code that was sent last, or sign up again for a new one.");
                }
                return registration.confirmed
                        ? Uni.createFrom().item(Optional.of(new AccountId(registration.accountId)))
                        : proved(registration, guardian.get());
            });
        });
    }

    /** Sends other codes, to whom has not confirmed yet; how often codes were tried still counts. @return fails as {@link #confirm} */
    Uni<Void> sendAgain(UUID id) {
        return store.find(id).flatMap(registration -> {
            requireOpen(registration);
            if (registration.confirmed) {
                throw new ProblemException(ErrorCode.CONFLICT, "The account is open: sign in.");
            }
            return unseal(registration).flatMap(applicant -> sending.sendAgain(registration, applicant));
        });
    }

    private void requireHome(Market market) {
        if (!regions.isSelf(market.home())) {
            throw new ProblemException(
                    ErrorCode.WRONG_REGION,
                    "Sign up in the market's home region, " + market.home() + ".",
                    Map.of(
                            "homeRegion",
                            market.home(),
                            "location",
                            regions.get(market.home())
                                    .publicUrls()
                                    .get("account")
                                    .toString()));
        }
    }

    private Uni<UUID> register(Market market, byte[] identifierMac, Applicant applicant) {
        var account = AccountId.create();
        return keys.openOrMake(account).flatMap(cipher -> {
            var registration = new Registration();
            registration.id = UUID.randomUUID();
            registration.accountId = account.value();
            registration.market = market.id();
            registration.identifierMac = identifierMac;
            registration.sealed = cipher.encrypt(FIELD, Json.encode(applicant));
            registration.createdAt = clock.instant();
            return sending.first(registration, applicant).replaceWith(registration.id);
        });
    }

    private void requireOpen(Registration registration) {
        if (registration == null) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such registration: sign up again.");
        }
        if (registration.attempts > config.attempts()) {
            throw new ProblemException(
                    ErrorCode.TOO_MANY_REQUESTS, "Too many codes were tried: sign up again for a new one.");
        }
        if (!registration.confirmed && !clock.instant().isBefore(registration.expiresAt)) {
            throw new ProblemException(ErrorCode.GONE, "The code has expired: sign up again for a new one.");
        }
    }

    /** Whether it is the guardian's code; empty if it is nobody's. Equal codes are the owner's first. */
    private Uni<Optional<Boolean>> whose(Registration registration, String code) {
        return codes.matches(registration.id, code, registration.codeMac)
                .flatMap(owners -> codes.matches(registration.accountId, code, registration.guardianCodeMac)
                        .map(guardians -> guardians && (!owners || registration.ownerConfirmed)
                                ? Optional.of(true)
                                : owners ? Optional.of(false) : Optional.empty()));
    }

    /** Its holder learns at once that an identifier is taken, and a guardian never does. */
    private Uni<Optional<AccountId>> proved(Registration registration, boolean guardian) {
        return unseal(registration).flatMap(applicant -> (guardian
                        ? Uni.createFrom().voidItem()
                        : opening.requireFree(registration, applicant))
                .flatMap(v -> store.proved(registration.id, guardian))
                .flatMap(now -> now.isProved()
                        ? opening.open(now, applicant).map(Optional::of)
                        : Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Applicant> unseal(Registration registration) {
        return keys.open(new AccountId(registration.accountId))
                .map(cipher -> cipher.decrypt(FIELD, registration.sealed))
                .map(json -> Json.decodeValue(json, Applicant.class));
    }
}
