package org.domicile.account.registration;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.domicile.account.code.CodeBudget;
import org.domicile.account.code.CodeMessage;
import org.domicile.account.code.CodeMessage.Purpose;
import org.domicile.account.code.CodeSender;
import org.domicile.account.code.Codes;
import org.domicile.account.code.Codes.Issued;
import org.domicile.account.code.CodesConfig;
import org.domicile.account.profile.Identifier;

/** The codes of a registration: one to the person, and one to the guardian where there is one. */
@ApplicationScoped
class RegistrationCodes {
    private final RegistrationStore store;
    private final CodeBudget budget;
    private final Codes codes;
    private final CodeSender sender;
    private final CodesConfig config;
    private final Clock clock;

    @Inject
    RegistrationCodes(
            RegistrationStore store,
            CodeBudget budget,
            Codes codes,
            CodeSender sender,
            CodesConfig config,
            Clock clock) {
        this.store = store;
        this.budget = budget;
        this.codes = codes;
        this.sender = sender;
        this.config = config;
        this.clock = clock;
    }

    /** @param guardian or null; @return fails with TOO_MANY_REQUESTS (429) */
    Uni<Void> spend(Identifier identifier, Identifier guardian) {
        return budget.spend(identifier)
                .flatMap(v -> guardian == null ? Uni.createFrom().voidItem() : budget.spend(guardian));
    }

    /** Keeps a new registration with its codes, and sends them. */
    Uni<Void> first(Registration registration, Applicant applicant) {
        return issue(registration, applicant.guardian() != null).flatMap(pair -> {
            registration.codeMac = pair.owners().mac();
            registration.guardianCodeMac =
                    pair.guardians() == null ? null : pair.guardians().mac();
            registration.expiresAt = end(registration);
            return store.add(registration).flatMap(v -> send(registration, applicant, pair));
        });
    }

    /** Other codes, to those who have not confirmed yet. */
    Uni<Void> sendAgain(Registration registration, Applicant applicant) {
        return spend(applicant.identifier(), applicant.guardian())
                .flatMap(v -> issue(registration, registration.needsGuardian()))
                .flatMap(pair -> store.codes(
                                registration.id,
                                pair.owners().mac(),
                                pair.guardians() == null
                                        ? null
                                        : pair.guardians().mac(),
                                end(registration))
                        .flatMap(v -> send(registration, applicant, pair)));
    }

    /** @param guardians null without a guardian */
    private record Pair(Issued owners, Issued guardians) {}

    private Uni<Pair> issue(Registration registration, boolean guarded) {
        return codes.issue(registration.id)
                .flatMap(owners -> guarded
                        ? codes.issue(registration.accountId).map(guardians -> new Pair(owners, guardians))
                        : Uni.createFrom().item(new Pair(owners, null)));
    }

    private Uni<Void> send(Registration registration, Applicant applicant, Pair pair) {
        return send(registration.ownerConfirmed, applicant.identifier(), Purpose.SIGN_UP, pair.owners(), registration)
                .flatMap(v -> pair.guardians() == null
                        ? Uni.createFrom().voidItem()
                        : send(
                                registration.guardianConfirmed,
                                applicant.guardian(),
                                Purpose.GUARDIAN_OF_SIGN_UP,
                                pair.guardians(),
                                registration));
    }

    private Uni<Void> send(
            boolean confirmed, Identifier to, Purpose purpose, Issued issued, Registration registration) {
        return confirmed
                ? Uni.createFrom().voidItem()
                : sender.send(to, new CodeMessage(purpose, issued.code().digits(), registration.id.toString()));
    }

    /** A code that is sent again is good as long as the first, but no registration lives longer than codes can be asked for again. */
    private Instant end(Registration registration) {
        var guarded = registration.guardianCodeMac != null;
        Duration validity = guarded ? config.guardianValidity() : config.validity();
        var latest = registration.createdAt.plus(guarded ? config.guardianValidity() : config.retention());
        var end = clock.instant().plus(validity);
        return end.isAfter(latest) ? latest : end;
    }
}
