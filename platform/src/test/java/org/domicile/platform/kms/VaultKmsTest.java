package org.domicile.platform.kms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.crypto.WrappedKey;
import org.domicile.platform.testing.TestAuthority;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vault is outside the product: a server that speaks its documented protocol stands for it. */
class VaultKmsTest extends KmsContract {
    /** No bound: the first TLS of a process takes seconds of computing, here within a call. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private static final List<String> INDEX_KEYS = List.of(FIRST_INDEX, SECOND_INDEX);

    @TempDir
    static Path folder;

    private static Vertx vertx;
    private static TestAuthority authority;

    private VaultServer server;
    private Path token;

    @BeforeAll
    static void vertx() {
        vertx = Vertx.vertx();
        authority = new TestAuthority(folder);
    }

    @AfterAll
    static void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void server() throws IOException {
        server = new VaultServer(vertx, authority);
        List.of("wrap", FIRST_INDEX, SECOND_INDEX).forEach(server::rotate);
        token = Files.writeString(folder.resolve("token"), server.token + "\n");
    }

    @AfterEach
    void nothing_was_asked_that_vault_does_not_know() {
        server.close();
        assertEquals(List.of(), server.refusals());
    }

    @Override
    protected Kms kms() {
        return kms("wrap", new VaultLogin.Token(token), TIMEOUT);
    }

    /** By a new version of the same key. */
    @Override
    protected Kms rotated() {
        server.rotate("wrap");
        return kms();
    }

    @Test
    void a_key_of_another_name_takes_over_too() {
        var pair = get(kms().generateDekPair());
        server.rotate("wrap-2027");
        var next = kms("wrap-2027", new VaultLogin.Token(token), TIMEOUT);

        var again = get(next.rewrap(pair.edek()));

        assertEquals("wrap-2027:v1", WrappedKey.parse(again).key());
        assertArrayEquals(pair.dek(), get(next.decryptEdek(again)));
    }

    @Test
    void the_index_stays_the_same_when_somebody_rotates_its_key_in_the_store() {
        var before = get(kms().indexMac(IDENTIFIER));
        server.rotate(FIRST_INDEX);

        assertArrayEquals(before, get(kms().indexMac(IDENTIFIER)));
    }

    @Test
    void a_token_that_was_renewed_is_read_again() throws IOException {
        var kms = kms();
        get(kms.generateDekPair());
        server.token = "t-2";

        assertUnavailable("does not answer", kms.generateDekPair());
        Files.writeString(token, server.token);
        get(kms.generateDekPair());
    }

    @Test
    void a_service_account_signs_in_and_again_when_its_token_has_expired() throws IOException {
        var jwt = Files.writeString(folder.resolve("jwt"), "signed-by-the-cluster\n");
        var kms = kms("wrap", new VaultLogin.ServiceAccount("kubernetes", "domicile-account", jwt), TIMEOUT);
        get(kms.generateDekPair());
        server.token = "t-2";

        get(kms.generateDekPair());

        var stranger = kms("wrap", new VaultLogin.ServiceAccount("kubernetes", "other", jwt), TIMEOUT);
        assertUnavailable("does not answer", stranger.generateDekPair());
    }

    @Test
    void a_store_that_is_sealed_silent_or_away_is_an_outage() {
        var edek = get(kms().generateDekPair()).edek();

        server.status = 503;
        assertAllUnavailable("does not answer", kms(), edek);
        server.status = 0;
        server.silent = true;
        assertAllUnavailable("does not answer", kms("wrap", new VaultLogin.Token(token), Duration.ofMillis(200)), edek);
        server.close();
        assertAllUnavailable("does not answer", kms(), edek);
    }

    @Test
    void a_store_whose_certificate_nobody_vouches_for_is_told_nothing() {
        var stranger = new VaultKms(
                new VaultClient(vertx, server.url(), "transit", Optional.empty(), new VaultLogin.Token(token), TIMEOUT),
                "wrap",
                INDEX_KEYS);

        assertUnavailable("does not answer", stranger.generateDekPair());
    }

    private Kms kms(String wrappingKey, VaultLogin login, Duration timeout) {
        return new VaultKms(
                new VaultClient(vertx, server.url(), "transit", Optional.of(authority.ca()), login, timeout),
                wrappingKey,
                INDEX_KEYS);
    }
}
