package org.domicile.account.registration;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.Json;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.profile.GivenIdentifier;
import org.domicile.account.profile.IdentifierIndex;
import org.domicile.account.region.Market;
import org.domicile.account.region.Placement;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.region.Regions;

/**
 * Sign-up: a registration now, an account when its code comes back. A known identifier takes the same path, in the same time, and
 * is told apart only after its holder has proved to hold it.
 */
@ApplicationScoped
public class Registrations {
    private static final String FIELD = "registration";
    private static final Duration HOUR = Duration.ofHours(1);

    private final Placement placement;
    private final Regions regions;
    private final RegistrationStore store;
    private final AccountOpening opening;
    private final IdentifierIndex index;
    private final PasswordHash passwords;
    private final AccountKeys keys;
    private final Kms kms;
    private final CodeSender sender;
    private final CodesConfig config;
    private final SecureRandom random;
    private final Clock clock;
    private final Vertx vertx;

    @Inject
    public Registrations(
            Placement placement,
            Regions regions,
            RegistrationStore store,
            AccountOpening opening,
            IdentifierIndex index,
            PasswordHash passwords,
            AccountKeys keys,
            Kms kms,
            CodeSender sender,
            CodesConfig config,
            SecureRandom random,
            Clock clock,
            Vertx vertx) {
        this.placement = placement;
        this.regions = regions;
        this.store = store;
        this.opening = opening;
        this.index = index;
        this.passwords = passwords;
        this.keys = keys;
        this.kms = kms;
        this.sender = sender;
        this.config = config;
        this.random = random;
        this.clock = clock;
        this.vertx = vertx;
    }

    /** @return the registration's id; fails with WRONG_REGION (421), WEAK_PASSWORD, TOO_MANY_REQUESTS, … and stores nothing then */
    Uni<UUID> begin(SignUp signUp, String locale) {
        var market = placement.get(signUp.market());
        requireHome(market);
        var identifier = GivenIdentifier.of(signUp.email(), signUp.phone(), market.id());
        PasswordRules.violation(signUp.password(), identifier).ifPresent(sentence -> {
            throw new ProblemException(ErrorCode.WEAK_PASSWORD, sentence);
        });
        return index.macs(identifier).flatMap(macs -> requireFewCodes(macs)
                .flatMap(v -> vertx.executeBlocking(() -> passwords.hash(signUp.password()), false))
                .map(hash -> new Applicant(identifier, signUp.displayName(), locale, hash))
                .flatMap(applicant -> register(market, macs.getFirst(), applicant)));
    }

    /** @return the open account's id; the same again when repeated */
    Uni<AccountId> confirm(UUID id, String code) {
        return store.attempt(id).flatMap(registration -> {
            if (registration == null) {
                throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such registration: sign up again.");
            }
            requireOpen(registration);
            return codeMatches(registration, code).flatMap(right -> {
                if (!right) {
                    throw new ProblemException(
                            ErrorCode.WRONG_CODE, "Send the code that was sent last, or sign up again for a new one.");
                }
                return registration.confirmed
                        ? Uni.createFrom().item(new AccountId(registration.accountId))
                        : unseal(registration).flatMap(applicant -> opening.open(registration, applicant));
            });
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

    private Uni<Void> requireFewCodes(List<byte[]> identifierMacs) {
        return store.since(identifierMacs, clock.instant().minus(HOUR))
                .invoke(count -> {
                    if (count >= config.perHour()) {
                        throw new ProblemException(
                                ErrorCode.TOO_MANY_REQUESTS,
                                "Too many codes were asked for: try again in an hour.",
                                Map.of("retryAfter", HOUR.toSeconds()));
                    }
                })
                .replaceWithVoid();
    }

    private Uni<UUID> register(Market market, byte[] identifierMac, Applicant applicant) {
        var code = OneTimeCode.create(random);
        var id = UUID.randomUUID();
        var account = AccountId.create();
        return keys.openOrMake(account)
                .flatMap(cipher -> kms.indexMac(code.macInput(id)).flatMap(codeMac -> {
                    var registration = new Registration();
                    registration.id = id;
                    registration.accountId = account.value();
                    registration.market = market.id();
                    registration.identifierMac = identifierMac;
                    registration.sealed = cipher.encrypt(FIELD, Json.encode(applicant));
                    registration.codeMac = codeMac;
                    registration.createdAt = clock.instant();
                    registration.expiresAt = registration.createdAt.plus(config.validity());
                    return store.add(registration)
                            .flatMap(v -> sender.send(applicant.identifier(), code.digits()))
                            .replaceWith(id);
                }));
    }

    private void requireOpen(Registration registration) {
        if (registration.attempts > config.attempts()) {
            throw new ProblemException(
                    ErrorCode.TOO_MANY_REQUESTS, "Too many wrong codes: sign up again for a new one.");
        }
        if (!registration.confirmed && !clock.instant().isBefore(registration.expiresAt)) {
            throw new ProblemException(ErrorCode.GONE, "The code has expired: sign up again for a new one.");
        }
    }

    private Uni<Boolean> codeMatches(Registration registration, String code) {
        return OneTimeCode.hasShape(code)
                ? kms.indexMacs(new OneTimeCode(code).macInput(registration.id))
                        .map(macs -> macs.stream().anyMatch(mac -> MessageDigest.isEqual(mac, registration.codeMac)))
                : Uni.createFrom().item(false);
    }

    private Uni<Applicant> unseal(Registration registration) {
        return keys.open(new AccountId(registration.accountId))
                .map(cipher -> cipher.decrypt(FIELD, registration.sealed))
                .map(json -> Json.decodeValue(json, Applicant.class));
    }
}
