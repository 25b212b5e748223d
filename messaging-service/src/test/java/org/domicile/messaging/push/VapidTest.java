package org.domicile.messaging.push;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import org.domicile.messaging.subscription.P256Key;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;

class VapidTest {
    private static final String ORIGIN = "https://push.example:8443";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final KeyPair SENDER = keyPair();
    private static final KeyPair OTHER = keyPair();

    private final Vapid vapid = new Vapid(URI.create(ORIGIN), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void a_good_credential_passes_bound_and_unbound() {
        assertDoesNotThrow(() -> vapid.check(credential(claims()), Optional.empty()));
        assertDoesNotThrow(() -> vapid.check(credential(claims()), Optional.of(key(SENDER))));
    }

    @Test
    void an_audience_without_the_port_passes_because_stock_libraries_leave_it_out() {
        assertDoesNotThrow(
                () -> vapid.check(credential(claims().put("aud", "https://push.example")), Optional.empty()));
    }

    @Test
    void no_credential_passes_only_where_none_is_needed() {
        assertDoesNotThrow(() -> vapid.check(Optional.empty(), Optional.empty()));
        refused(ErrorCode.UNAUTHORIZED, Optional.empty(), Optional.of(key(SENDER)));
    }

    @Test
    void another_sender_than_the_bound_one_is_refused() {
        refused(ErrorCode.FORBIDDEN, credential(claims()), Optional.of(key(OTHER)));
    }

    @Test
    void a_bad_credential_is_refused_even_where_none_is_needed() {
        refused(credential(claims().put("aud", "https://other.example:8443")));
        refused(credential(claims().put("aud", "http://push.example")));
        refused(credential(claims().put("aud", null)));
        refused(credential(claims().put("exp", NOW.getEpochSecond())));
        refused(credential(claims().put("exp", NOW.plus(Duration.ofHours(24)).getEpochSecond() + 1)));
        refused(credential(claims().put("exp", "tomorrow")));
        refused(credential(claims().put("exp", null)));
        refused(Optional.of(new VapidHeader(jwt("none", claims(), SENDER), key(SENDER))));
        refused(Optional.of(new VapidHeader(jwt("ES256", claims(), OTHER), key(SENDER))));
        for (var token : new String[] {"", "a.b", "a.b.c", "..", "e30.e30.e30", "W10.W10.AA"}) {
            refused(Optional.of(new VapidHeader(token, key(SENDER))));
        }
    }

    @Test
    void the_longest_life_is_24_hours() {
        var claims = claims().put("exp", NOW.plus(Duration.ofHours(24)).getEpochSecond());
        assertDoesNotThrow(() -> vapid.check(credential(claims), Optional.empty()));
    }

    @Test
    void a_header_is_read_whatever_its_order_and_spacing() {
        var text = "VAPID k=" + key(SENDER).text() + ",t=" + jwt("ES256", claims(), SENDER);
        assertEquals(key(SENDER), VapidHeader.parse(text).orElseThrow().key());
    }

    private void refused(Optional<VapidHeader> sent) {
        refused(ErrorCode.FORBIDDEN, sent, Optional.empty());
    }

    private void refused(ErrorCode code, Optional<VapidHeader> sent, Optional<P256Key> bound) {
        assertEquals(
                code,
                assertThrows(ProblemException.class, () -> vapid.check(sent, bound))
                        .code());
    }

    private static JsonObject claims() {
        return new JsonObject()
                .put("aud", ORIGIN)
                .put("exp", NOW.plusSeconds(60).getEpochSecond())
                .put("sub", "mailto:sender@example.org");
    }

    private static Optional<VapidHeader> credential(JsonObject claims) {
        return Optional.of(new VapidHeader(jwt("ES256", claims, SENDER), key(SENDER)));
    }

    private static String jwt(String algorithm, JsonObject claims, KeyPair signer) {
        try {
            var content = encode(new JsonObject().put("typ", "JWT").put("alg", algorithm)) + "." + encode(claims);
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(signer.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(JsonObject json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.toBuffer().getBytes());
    }

    private static P256Key key(KeyPair pair) {
        var point = ((ECPublicKey) pair.getPublic()).getW();
        var bytes = new byte[65];
        bytes[0] = 4;
        copy(point.getAffineX().toByteArray(), bytes, 33);
        copy(point.getAffineY().toByteArray(), bytes, 65);
        return P256Key.of(bytes).orElseThrow();
    }

    private static void copy(byte[] number, byte[] to, int end) {
        var length = Math.min(32, number.length);
        System.arraycopy(number, number.length - length, to, end - length, length);
    }

    private static KeyPair keyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
