package org.domicile.platform.kms;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.mutiny.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A key store that cannot work is refused before anything is served, with the name of the setting. */
class KmsProducerTest {
    private static Vertx vertx;

    @BeforeAll
    static void vertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.closeAndAwait();
    }

    @Test
    void what_is_missing_is_named() {
        refused("domicile.kms.local.file is missing", Map.of());
        refused("domicile.kms.pkcs11.library is missing", Map.of("domicile.kms.store", "pkcs11"));
        refused(
                "domicile.kms.pkcs11.pin-file is missing",
                Map.of("domicile.kms.store", "pkcs11", "domicile.kms.pkcs11.library", "/hsm.so"));
        refused("domicile.kms.vault.url is missing", Map.of("domicile.kms.store", "vault"));
    }

    @Test
    void a_vault_is_asked_over_tls_only_and_signed_in_to_in_one_way() {
        refused(
                "must begin with https://",
                Map.of("domicile.kms.store", "vault", "domicile.kms.vault.url", "http://vault"));
        refused(
                "set one of domicile.kms.vault.token-file and domicile.kms.vault.role",
                Map.of("domicile.kms.store", "vault", "domicile.kms.vault.url", "https://vault"));
        refused(
                "domicile.kms.index-keys is missing",
                Map.of(
                        "domicile.kms.store",
                        "vault",
                        "domicile.kms.vault.url",
                        "https://vault",
                        "domicile.kms.vault.role",
                        "domicile"));
    }

    private static void refused(String sentence, Map<String, String> settings) {
        var builder = new SmallRyeConfigBuilder()
                .withMapping(KmsConfig.class)
                .withMapping(LocalKmsConfig.class)
                .withMapping(Pkcs11Config.class)
                .withMapping(VaultConfig.class)
                .withConverter(Duration.class, 200, DurationConverter::parseDuration);
        settings.forEach(builder::withDefaultValue);
        var config = builder.build();
        var producer = new KmsProducer(
                config.getConfigMapping(KmsConfig.class),
                config.getConfigMapping(LocalKmsConfig.class),
                config.getConfigMapping(Pkcs11Config.class),
                config.getConfigMapping(VaultConfig.class));

        var refusal = assertThrows(IllegalStateException.class, () -> producer.kms(vertx, null, new SecureRandom()));
        assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
    }
}
