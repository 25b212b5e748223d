package org.domicile.account.confirmation;

import java.time.Instant;
import java.util.UUID;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.consent.Feature;

/**
 * A change of an open account that waits for a one-time code.
 *
 * <pre>
 *   asked --right code, in time--> done (what it asks for is so)
 *     |---- asked again, wrong too often, or too late ----> nothing
 * </pre>
 *
 * @param feature of a consent or a withdrawal; else null
 * @param policyVersion of a consent; else null
 * @param locale of a consent, or null
 * @param identifier the new one, until it is the account's; else null
 * @param done a repeated code answers the same and changes nothing
 */
public record Confirmation(
        UUID id,
        Kind kind,
        Feature feature,
        String policyVersion,
        String locale,
        Identifier identifier,
        boolean done,
        Instant expiresAt) {
    /** What it changes. */
    public enum Kind {
        /** The account's e-mail address; the code goes to the new one. */
        EMAIL(false),
        /** The account's phone number; the code goes to the new one. */
        PHONE(false),
        /** A minor's consent. */
        CONSENT(true),
        /** A feature switched off by the guardian. */
        WITHDRAWAL(true),
        /** The guardian's last: the owner is a minor no more. */
        OF_AGE(true);

        private final boolean guardian;

        Kind(boolean guardian) {
            this.guardian = guardian;
        }

        /** Whether the code goes to the account's guardian. */
        public boolean isGuardians() {
            return guardian;
        }
    }

    static Confirmation ofIdentifier(UUID id, Identifier identifier, Instant expiresAt) {
        var kind = identifier.kind() == Identifier.Kind.EMAIL ? Kind.EMAIL : Kind.PHONE;
        return new Confirmation(id, kind, null, null, null, identifier, false, expiresAt);
    }

    static Confirmation ofConsent(UUID id, Feature feature, String policyVersion, String locale, Instant expiresAt) {
        return new Confirmation(id, Kind.CONSENT, feature, policyVersion, locale, null, false, expiresAt);
    }

    static Confirmation ofWithdrawal(UUID id, Feature feature, Instant expiresAt) {
        return new Confirmation(id, Kind.WITHDRAWAL, feature, null, null, null, false, expiresAt);
    }

    static Confirmation ofAge(UUID id, Instant expiresAt) {
        return new Confirmation(id, Kind.OF_AGE, null, null, null, null, false, expiresAt);
    }

    @Override
    public String toString() {
        return "Confirmation[" + kind + " " + id + "]";
    }
}
