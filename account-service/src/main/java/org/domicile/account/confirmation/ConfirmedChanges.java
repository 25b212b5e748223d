package org.domicile.account.confirmation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.domicile.account.consent.ConsentState;
import org.domicile.account.consent.Consents;
import org.domicile.account.guardian.GuardianStore;
import org.domicile.account.profile.IdentifierIndex.IdentifierTaken;
import org.domicile.account.profile.ProfileStore;
import org.domicile.account.security.SecurityEvent.Kind;
import org.domicile.account.security.SecurityEvents;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** Does what a right code confirms, once, in one transaction with the confirmation's end. */
@ApplicationScoped
public class ConfirmedChanges {
    private final Confirmations confirmations;
    private final ConfirmationStore store;
    private final Fence fence;
    private final ProfileStore profiles;
    private final Consents consents;
    private final ConsentState consentState;
    private final GuardianStore guardians;
    private final SecurityEvents events;

    @Inject
    ConfirmedChanges(
            Confirmations confirmations,
            ConfirmationStore store,
            Fence fence,
            ProfileStore profiles,
            Consents consents,
            ConsentState consentState,
            GuardianStore guardians,
            SecurityEvents events) {
        this.confirmations = confirmations;
        this.store = store;
        this.fence = fence;
        this.profiles = profiles;
        this.consents = consents;
        this.consentState = consentState;
        this.guardians = guardians;
        this.events = events;
    }

    /** @param feature of a consent or withdrawal; else absent */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Confirmed(UUID confirmationId, Confirmation.Kind kind, Feature feature) {}

    /**
     * Repeatable with the same code.
     *
     * @param guardian whether it comes without the owner's sign-in
     * @return fails as {@link Confirmations#withCode}, with CONFLICT (409) for an identifier of another account, or POLICY_OUTDATED (409)
     */
    public Uni<Confirmed> confirm(AccountId account, UUID id, String code, boolean guardian) {
        return confirmations.withCode(account, id, code, guardian).flatMap(confirmation -> fence.write(
                        account, write -> store.done(write, id)
                                .flatMap(first -> first
                                        ? apply(write, confirmation)
                                        : Uni.createFrom().voidItem()))
                .onFailure(IdentifierTaken.class)
                .transform(taken -> new ProblemException(
                        ErrorCode.CONFLICT, "Another account has this e-mail address or phone number: use another."))
                .replaceWith(new Confirmed(id, confirmation.kind(), confirmation.feature())));
    }

    private Uni<Void> apply(FencedWrite write, Confirmation confirmation) {
        return switch (confirmation.kind()) {
            case EMAIL, PHONE -> identify(write, confirmation);
            case CONSENT ->
                consents.grantedByGuardian(
                        write, confirmation.feature(), confirmation.policyVersion(), confirmation.locale());
            case WITHDRAWAL ->
                consents.withdrawnByGuardian(write, confirmation.feature())
                        .flatMap(v -> events.add(write, Kind.GUARDIAN_WITHDREW));
            case OF_AGE -> guardians.end(write).flatMap(v -> events.add(write, Kind.GUARDIAN_ENDED));
        };
    }

    /** Sign-in finds the account by the new one from this commit on; the published hashes follow it at once. */
    private Uni<Void> identify(FencedWrite write, Confirmation confirmation) {
        return profiles.identify(write, confirmation.identifier())
                .flatMap(v -> consentState.publish(write.connection(), write.account(), write.epoch()))
                .flatMap(v -> events.add(write, Kind.IDENTIFIER_CHANGED));
    }
}
