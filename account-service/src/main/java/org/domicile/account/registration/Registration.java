package org.domicile.account.registration;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;

/**
 * A sign-up that waits for its one-time code, and a minor's for the guardian's as well. What the person gave (identifier, name, Argon2id
 * hash of the password) is sealed under the data key of the account to be, and is gone once the account is open or the registration
 * expires.
 */
@Entity
public class Registration extends PanacheEntityBase {
    @Id
    public UUID id;

    /** The id that the account will have: made now, so that a repeated confirmation opens the same account. */
    @Column(name = "account_id")
    public UUID accountId;

    public String market;

    @Column(name = "identifier_mac")
    public byte[] identifierMac;

    /** {@link Applicant} as JSON, encrypted under the key that the account will have; null once confirmed. */
    public byte[] sealed;

    /** HMAC of the code under the region's index key: six digits could be guessed from a plain hash. */
    @Column(name = "code_mac")
    public byte[] codeMac;

    /** Of the code that the guardian was sent, bound to the account's id; null where no guardian is needed. */
    @Column(name = "guardian_code_mac")
    public byte[] guardianCodeMac;

    /** The person has proved to hold the identifier. */
    @Column(name = "owner_confirmed")
    public boolean ownerConfirmed;

    /** The guardian has agreed. */
    @Column(name = "guardian_confirmed")
    public boolean guardianConfirmed;

    public int attempts;

    /** The Keycloak user may exist: if the account never opens, the user is removed. */
    public boolean started;

    public boolean confirmed;

    @Column(name = "created_at")
    public Instant createdAt;

    @Column(name = "expires_at")
    public Instant expiresAt;

    boolean needsGuardian() {
        return guardianCodeMac != null;
    }

    /** Everybody who must has given their code. */
    boolean isProved() {
        return ownerConfirmed && (!needsGuardian() || guardianConfirmed);
    }
}
