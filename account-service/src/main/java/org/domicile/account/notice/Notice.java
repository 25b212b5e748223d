package org.domicile.account.notice;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.domicile.platform.consent.Feature;

/**
 * Tells an owner, before it happens, that something of theirs will be deleted or changed, when, and how to prevent it.
 *
 * @param feature of a withdrawal; else null
 * @param dueAt not before then; of a change, not after
 * @param sentAt when the last of the account's identifiers was sent it; null until then
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Notice(UUID id, Kind kind, Feature feature, Instant at, Instant dueAt, Instant sentAt) {
    /** What it is about. */
    public enum Kind {
        /** The account was not used for as long as its market lets it be kept. */
        INACTIVITY,
        /** A feature was switched off, and what it stored will go. */
        WITHDRAWAL,
        /** Somebody asked for another e-mail address or phone number; told to those that the account has. */
        IDENTIFIER_CHANGE,
        /** The erasure that the owner asked for cannot begin yet. */
        ERASURE_DELAYED,
        /** The password was changed, or set anew with a code. */
        PASSWORD_CHANGED,
        /** A feature is on under a policy that is no longer in force. */
        POLICY_CHANGED
    }

    public static Notice inactivity(Instant at, Instant dueAt) {
        return new Notice(UUID.randomUUID(), Kind.INACTIVITY, null, at, dueAt, null);
    }

    public static Notice withdrawal(Feature feature, Instant at, Instant dueAt) {
        return new Notice(UUID.randomUUID(), Kind.WITHDRAWAL, feature, at, dueAt, null);
    }

    /** One that is being sent as it is stored. @param dueAt until when the change can be confirmed */
    public static Notice identifierChange(Instant at, Instant dueAt) {
        return new Notice(UUID.randomUUID(), Kind.IDENTIFIER_CHANGE, null, at, dueAt, at);
    }

    public static Notice erasureDelayed(Instant since) {
        return new Notice(UUID.randomUUID(), Kind.ERASURE_DELAYED, null, since, since, null);
    }

    public static Notice passwordChanged(Instant at) {
        return new Notice(UUID.randomUUID(), Kind.PASSWORD_CHANGED, null, at, at, null);
    }

    public static Notice policyChanged(Instant at) {
        return new Notice(UUID.randomUUID(), Kind.POLICY_CHANGED, null, at, at, null);
    }

    /** As it is sent: that of inactivity leaves the time that it was given to leave, however late it goes out. */
    Notice sent(Instant now) {
        var late = kind == Kind.INACTIVITY && now.isAfter(at) ? Duration.between(at, now) : Duration.ZERO;
        return new Notice(id, kind, feature, at, dueAt.plus(late), now);
    }

    /** What is sent; names nobody. */
    public String text() {
        return switch (kind) {
            case INACTIVITY ->
                "Your account has not been used for long and will be erased on " + dueAt
                        + ", with everything in it. To keep it, sign in once before then.";
            case WITHDRAWAL ->
                "You switched " + feature.id() + " off. What it stored will be deleted on " + dueAt
                        + ". To keep it, switch it on again before then.";
            case IDENTIFIER_CHANGE ->
                "Another e-mail address or phone number was asked for in your account; it takes effect when it is"
                        + " confirmed, until "
                        + dueAt + ". If that was not you, end all sessions and change your password now.";
            case ERASURE_DELAYED ->
                "The erasure of your account has been delayed since " + at
                        + ". It begins by itself as soon as it may; you need not ask for it again.";
            case PASSWORD_CHANGED ->
                "The password of your account was changed at " + at
                        + ", and every other session ended. If that was not you, set a new password now with a code that is sent"
                        + " to you, and look through your passkeys and devices.";
            case POLICY_CHANGED ->
                "The policy that you agreed to has changed. Until you agree to the new one in your settings, nothing new is"
                        + " stored for what you switched on, such as backups and messages; what is stored stays.";
        };
    }
}
