package org.domicile.messaging.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.messaging.MessagingConfig;

/**
 * The region's keyed hash of identifiers. account-service publishes the hashes of a person who consented to discoverability
 * ({@code features.discoverability.index} of consent.state); here only a number that somebody asks for is hashed, and
 * never kept. Without a key nobody is found by number.
 */
@ApplicationScoped
public class BlindIndex {
    private final Optional<SecretKeySpec> key;

    @Inject
    public BlindIndex(MessagingConfig config) {
        this.key = config.indexKeyFile().map(BlindIndex::read);
    }

    BlindIndex() {
        this.key = Optional.empty();
    }

    /** Hex HMAC-SHA256 of the text; empty without a key. */
    Optional<String> of(String text) {
        return key.map(k -> {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(k);
                return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static SecretKeySpec read(Path file) {
        try {
            var bytes = Base64.getDecoder().decode(Files.readString(file).strip());
            if (bytes.length != 32) {
                throw new IllegalStateException(
                        "domicile.messaging.index-key-file: " + file + " must hold 32 bytes in base64");
            }
            return new SecretKeySpec(bytes, "HmacSHA256");
        } catch (IOException e) {
            throw new UncheckedIOException("domicile.messaging.index-key-file: cannot read " + file, e);
        }
    }
}
