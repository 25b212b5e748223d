package org.domicile.account.registration;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;

/**
 * A sign-up that waits for its one-time code. What the person gave (identifier, name, Argon2id hash of the password) is sealed
 * under the data key of the account to be, and is gone once the account is open or the registration expires.
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

    public int attempts;

    /** The Keycloak user may exist: if the account never opens, the user is removed. */
    public boolean started;

    public boolean confirmed;

    @Column(name = "created_at")
    public Instant createdAt;

    @Column(name = "expires_at")
    public Instant expiresAt;
}
