package org.domicile.local.security;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void a_part_gets_a_certificate_that_names_it_and_this_host() throws GeneralSecurityException {
        var authority = authority(NOW);

        var leaf = Pem.certificate(
                authority.identity(folder.resolve("tls"), "cn-north.backup").certificate());

        assertEquals("CN=cn-north.backup", leaf.getSubjectX500Principal().getName());
        assertEquals(
                java.util.Set.of("localhost", "127.0.0.1"),
                leaf.getSubjectAlternativeNames().stream()
                        .map(n -> n.get(1))
                        .collect(java.util.stream.Collectors.toSet()));
        assertDoesNotThrow(() -> leaf.verify(authority.certificate().getPublicKey()));
    }

    @Test
    void a_certificate_is_kept_until_it_is_about_to_end() {
        var first = serial(NOW);

        assertEquals(first, serial(NOW.plus(Duration.ofDays(300))));
        assertNotEquals(first, serial(NOW.plus(Duration.ofDays(340))));
    }

    @Test
    void a_signed_document_verifies_with_the_published_key() throws GeneralSecurityException {
        var key = SigningKey.in(folder, "regions");

        var parts = key.jws("regions", "{\"version\":1}").split("\\.", -1);

        var signature = Signature.getInstance("Ed25519");
        signature.initVerify(Pem.publicKey(key.publicFile()));
        signature.update((parts[0] + "." + parts[1]).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertEquals(true, signature.verify(Base64.getUrlDecoder().decode(parts[2])));
    }

    private java.math.BigInteger serial(Instant at) {
        return Pem.certificate(authority(at)
                        .identity(folder.resolve("tls"), "cn-north.backup")
                        .certificate())
                .getSerialNumber();
    }

    private Authority authority(Instant at) {
        return new Authority(
                folder.resolve("ca.pem"),
                folder.resolve("ca.key.pem"),
                Clock.fixed(at, ZoneOffset.UTC),
                new SecureRandom());
    }
}
