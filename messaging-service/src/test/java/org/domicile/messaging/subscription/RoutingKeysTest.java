package org.domicile.messaging.subscription;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.MessagingConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingKeysTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    @TempDir
    Path folder;

    private final AccountId account = AccountId.create();
    private final Capability capability = Capability.create(account, RANDOM);
    private final String one = key();
    private final String two = key();
    private RoutingKeys keys;

    @BeforeEach
    void keys() {
        keys = keys("1", "1", one);
    }

    @Test
    void every_region_that_has_the_key_reads_the_account_from_it() {
        var elsewhere = keys("1", "1", one);
        var parsed = elsewhere.parse(keys.text(capability)).orElseThrow();
        assertEquals(account, parsed.account());
        assertArrayEquals(capability.sha256(), parsed.sha256());
        assertEquals(keys.text(capability), elsewhere.text(capability), "and spells it the same way");
    }

    @Test
    void an_endpoint_that_was_spelled_before_still_leads_to_the_same_row() {
        var parsed = keys.parse(spelledBefore()).orElseThrow();
        assertEquals(account, parsed.account());
        assertArrayEquals(capability.sha256(), parsed.sha256());
    }

    @Test
    void until_a_key_is_the_current_one_endpoints_are_spelled_as_before_and_both_are_read() {
        var introduced = keys(null, "1", one);
        assertEquals(spelledBefore(), introduced.text(capability));
        for (var text : List.of(spelledBefore(), keys("1", "1", one).text(capability))) {
            assertArrayEquals(
                    capability.sha256(), introduced.parse(text).orElseThrow().sha256());
        }
    }

    private String spelledBefore() {
        return BASE64.encodeToString(ByteBuffer.allocate(Capability.LENGTH)
                .putLong(account.value().getMostSignificantBits())
                .putLong(account.value().getLeastSignificantBits())
                .put(capability.token())
                .array());
    }

    @Test
    void after_a_rotation_both_keys_are_read_and_the_current_one_spells() {
        var before = keys.text(capability);
        var rotated = keys("2", "1", one, "2", two);
        assertNotEquals(before, rotated.text(capability));
        for (var text : List.of(before, rotated.text(capability))) {
            assertArrayEquals(
                    capability.sha256(), rotated.parse(text).orElseThrow().sha256());
        }
        assertTrue(keys.parse(rotated.text(capability)).isEmpty(), "who does not know the key reads nothing");
    }

    @Test
    void the_urls_of_one_person_have_nothing_in_common() {
        var credential = new DeviceCredential(DeviceId.create(account, RANDOM), "secret");
        var first = credential.endpoint(UUID.randomUUID(), Optional.empty());
        var second = credential.endpoint(UUID.randomUUID(), Optional.empty());
        var texts = List.of(
                keys.text(first),
                keys.text(second),
                keys.text(first.receipts()),
                keys.text(second.receipts()),
                keys.text(Capability.create(account, RANDOM)));
        for (var text : texts) {
            for (var other : texts) {
                if (!text.equals(other)) {
                    assertFalse(shares(text, other), text + " and " + other);
                }
            }
        }
    }

    /** By chance once in 2^36 looks. */
    private static boolean shares(String text, String other) {
        var run = 6;
        for (int i = 0; i + run < text.length(); i++) {
            if (text.substring(i, i + run).equals(other.substring(i, i + run))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void the_account_is_in_no_url_in_whatever_encoding() {
        assertTrue(spells(spelledBefore()), "the look finds what is there");
        assertFalse(spells(keys.text(capability)));
        assertFalse(spells(keys.text(capability.receipts())));
    }

    private boolean spells(String text) {
        var hex = account.toString().replace("-", "");
        if (HexFormat.of().formatHex(Base64.getUrlDecoder().decode(text)).contains(hex)
                || text.toLowerCase(Locale.ROOT).contains(hex)) {
            return true;
        }
        for (int before = 0; before < 3; before++) {
            var shifted = ByteBuffer.allocate(before + 16)
                    .position(before)
                    .putLong(account.value().getMostSignificantBits())
                    .putLong(account.value().getLeastSignificantBits());
            // without the characters that hold bits of its neighbours
            if (text.contains(BASE64.encodeToString(shifted.array()).substring(2 * before, 2 * before + 16))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void what_is_forged_or_of_another_deployment_is_another_account_or_nothing() {
        var bytes = keys.bytes(capability);
        bytes[0] ^= 1;
        assertNotEquals(
                account, keys.parse(RoutingKeys.text(bytes)).orElseThrow().account());
        bytes[bytes.length - 1] = 7;
        assertTrue(keys.parse(RoutingKeys.text(bytes)).isEmpty());
        var foreign = keys("1", "1", two).text(capability);
        assertNotEquals(account, keys.parse(foreign).orElseThrow().account());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "../../etc/passwd", "%00", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void another_text_spells_none(String text) {
        assertTrue(keys.parse(text).isEmpty());
    }

    @Test
    void each_capability_has_one_spelling_under_a_key() {
        var text = keys.text(capability);
        assertTrue(keys.parse(text + "=").isEmpty());
        var last = text.charAt(text.length() - 1);
        assertTrue(keys.parse(text.substring(0, text.length() - 1) + (char) (last + 1))
                .isEmpty());
    }

    @Test
    void without_keys_the_service_says_what_to_do() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(MessagingConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("domicile.messaging.push-origin", "https://push.test")
                .build()
                .getConfigMapping(MessagingConfig.class);
        var refused = assertThrows(IllegalStateException.class, () -> new RoutingKeys(config));
        assertTrue(refused.getMessage().contains("docs/keys.md"), refused.getMessage());
    }

    @Test
    void keys_that_cannot_be_used_are_named_and_not_shown() {
        refused("\"current\"", "2", "1", one);
        refused("from 1 to 255", "0", "0", one);
        refused("from 1 to 255", "x", "x", one);
        refused("32 bytes", "1", "1", "c2hvcnQ=");
        refused("32 bytes", "1", "1", "not base64!");
    }

    private void refused(String what, String current, String id, String key) {
        var refused = assertThrows(IllegalStateException.class, () -> keys(current, id, key));
        assertTrue(refused.getMessage().contains(what), refused.getMessage());
        assertFalse(refused.getMessage().contains(key), refused.getMessage());
    }

    private RoutingKeys keys(String current, String... idsAndKeys) {
        var all = new JsonObject();
        for (int i = 0; i < idsAndKeys.length; i += 2) {
            all.put(idsAndKeys[i], idsAndKeys[i + 1]);
        }
        var json = new JsonObject().put("keys", all);
        if (current != null) {
            json.put("current", current);
        }
        try {
            return new RoutingKeys(Files.writeString(folder.resolve("keys.json"), json.encode()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
