package org.domicile.account.security;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/** Something that an owner should know of: a kind and a time; no address, no device's name. */
@RegisterForReflection
public record SecurityEvent(UUID id, Kind kind, Instant at) {
    /** What happened. */
    public enum Kind {
        SIGNED_IN,
        /** With a wrong password or passkey; at most one an hour is kept. */
        SIGN_IN_FAILED,
        /** Too many wrong passwords: sign-in waits. */
        SIGN_IN_LOCKED,
        SIGNED_OUT,
        SESSION_ENDED,
        /** A password or passkey was added or changed. */
        CREDENTIAL_CHANGED,
        CREDENTIAL_REMOVED,
        /** A new password was set with a code that was sent to one of the account's identifiers. */
        PASSWORD_RESET,
        DEVICE_ADDED,
        DEVICE_REVOKED,
        /** The account's e-mail address or phone number became another. */
        IDENTIFIER_CHANGED,
        /** A guardian switched a feature off. */
        GUARDIAN_WITHDREW,
        /** The owner is a minor no more. */
        GUARDIAN_ENDED,
        EXPORT_ORDERED,
        ERASURE_REQUESTED,
        ERASURE_CANCELLED
    }
}
