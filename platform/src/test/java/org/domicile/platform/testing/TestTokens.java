package org.domicile.platform.testing;

import io.smallrye.jwt.build.Jwt;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.domicile.platform.account.AccountId;

/** Access tokens as Keycloak issues them, signed with a key that the services under test trust. */
public final class TestTokens {
    private static final KeyPair KEYS = rsa();

    private TestTokens() {}

    public static String owner(AccountId account) {
        return token(account.toString(), "owner");
    }

    public static String operator() {
        return token("operator", "operator");
    }

    public static String token(String subject, String... roles) {
        return Jwt.subject(subject)
                .claim("realm_access", Map.of("roles", List.of(roles)))
                .claim("preferred_username", subject)
                .expiresIn(300)
                .sign(KEYS.getPrivate());
    }

    /** For {@code quarkus.oidc.public-key}. */
    public static String publicKey() {
        return Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded());
    }

    private static KeyPair rsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
