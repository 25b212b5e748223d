package org.domicile.account.notice;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.domicile.platform.consent.Feature;

/**
 * Tells an owner, before it happens, that something of theirs will be deleted, when, and how to prevent it.
 *
 * @param feature of a withdrawal; else null
 * @param dueAt not before then
 * @param sentAt when it was sent to the account's identifiers; null until then
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Notice(UUID id, Kind kind, Feature feature, Instant at, Instant dueAt, Instant sentAt) {
    /** What it is about. */
    public enum Kind {
        /** The account was not used for as long as its market lets it be kept. */
        INACTIVITY,
        /** A feature was switched off, and what it stored will go. */
        WITHDRAWAL
    }

    public static Notice inactivity(Instant at, Instant dueAt) {
        return new Notice(UUID.randomUUID(), Kind.INACTIVITY, null, at, dueAt, null);
    }

    public static Notice withdrawal(Feature feature, Instant at, Instant dueAt) {
        return new Notice(UUID.randomUUID(), Kind.WITHDRAWAL, feature, at, dueAt, null);
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
        };
    }
}
