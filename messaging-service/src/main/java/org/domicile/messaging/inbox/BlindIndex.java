package org.domicile.messaging.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HexFormat;
import java.util.List;
import org.domicile.platform.crypto.Kms;

/**
 * The region's keyed hash of identifiers. account-service publishes the hashes of a person who consented to discoverability
 * ({@code features.discoverability.index} of consent.state); here only a number that somebody asks for is hashed, and
 * never kept. While the region changes its index key, hashes of both may have been published.
 */
@ApplicationScoped
public class BlindIndex {
    private final Kms kms;

    @Inject
    public BlindIndex(Kms kms) {
        this.kms = kms;
    }

    /** Hex HMAC-SHA256 of the text under every index key in use, the current one first. */
    Uni<List<String>> of(String text) {
        return kms.indexMacs(text.getBytes(UTF_8))
                .map(macs -> macs.stream().map(HexFormat.of()::formatHex).toList());
    }
}
