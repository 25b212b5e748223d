package org.domicile.account.code;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.UUID;
import org.domicile.platform.crypto.Kms;

/** Makes one-time codes and knows them again by their MAC: six digits could be guessed from a plain hash. */
@ApplicationScoped
public class Codes {
    private final Kms kms;
    private final SecureRandom random;

    @Inject
    public Codes(Kms kms, SecureRandom random) {
        this.kms = kms;
        this.random = random;
    }

    /** @param mac what is stored of the code */
    public record Issued(OneTimeCode code, byte[] mac) {
        @Override
        public String toString() {
            return "Issued[redacted]";
        }
    }

    /** @param subject what the code will confirm; it is worth nothing elsewhere */
    public Uni<Issued> issue(UUID subject) {
        var code = OneTimeCode.create(random);
        return kms.indexMac(code.macInput(subject)).map(mac -> new Issued(code, mac));
    }

    /** @param text as it came; one that has not the shape of a code does not match */
    public Uni<Boolean> matches(UUID subject, String text, byte[] mac) {
        return OneTimeCode.hasShape(text) && mac != null
                ? kms.indexMacs(new OneTimeCode(text).macInput(subject))
                        .map(macs -> macs.stream().anyMatch(given -> MessageDigest.isEqual(given, mac)))
                : Uni.createFrom().item(false);
    }
}
