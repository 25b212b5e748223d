package org.domicile.migration.receipt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.domicile.migration.command.SigningKey;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.account.TimeOrderedId;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.tlog.LoggedReceipt;

/** Makes receipts: a statement about an account that names it by a salted commitment only, signed by the region. */
@ApplicationScoped
class ReceiptSigner {
    private final ServiceIdentity identity;
    private final SigningKey key;
    private final Clock clock;
    private final SecureRandom random;

    @Inject
    ReceiptSigner(ServiceIdentity identity, SigningKey key, Clock clock, SecureRandom random) {
        this.identity = identity;
        this.key = key;
        this.clock = clock;
        this.random = random;
    }

    Receipt ofMove(AccountId account, UUID move, String kind, JsonObject statement) {
        return sign(account, Optional.of(move), kind, Optional.empty(), statement);
    }

    Receipt ofConsent(AccountId account, String subject, JsonObject statement) {
        return sign(account, Optional.empty(), Receipt.CONSENT, Optional.of(subject), statement);
    }

    private Receipt sign(
            AccountId account, Optional<UUID> move, String kind, Optional<String> subject, JsonObject statement) {
        var salt = new byte[LoggedReceipt.SALT_BYTES];
        random.nextBytes(salt);
        var id = TimeOrderedId.next();
        var payload = new JsonObject()
                .put("id", id.toString())
                .put("kind", kind)
                .put("issuer", identity.region())
                .put("issuedAt", clock.instant().toString())
                .put("account", commitment(salt, account.toString()))
                .mergeIn(statement);
        return new Receipt(id, account, move, kind, subject, salt, key.sign(payload), Optional.empty());
    }

    private static String commitment(byte[] salt, String account) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest(account.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
