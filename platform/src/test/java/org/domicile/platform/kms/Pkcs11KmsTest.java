package org.domicile.platform.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Context;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import org.domicile.platform.crypto.Kms;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A real PKCS #11 token: SoftHSM, where it is installed. The build's SOFTHSM2_CONF names the file that says where its tokens are. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class Pkcs11KmsTest extends KmsContract {
    private static final String CONFIGURATION = System.getenv("SOFTHSM2_CONF");
    private static final char[] PIN = "1234".toCharArray();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static Vertx vertx;
    private static Path library;
    private static Path tokens;
    private static KeyStore store;

    @BeforeAll
    static void token() throws Exception {
        var found = Stream.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")
                .map(Path::of)
                .filter(Files::exists)
                .findFirst();
        assumeTrue(found.isPresent() && CONFIGURATION != null, "SoftHSM is not installed (apt-get install softhsm2)");
        library = found.get();
        var folder = Files.createDirectories(Path.of(CONFIGURATION).getParent());
        tokens = folder.resolve("tokens");
        delete(tokens);
        Files.createDirectories(tokens);
        Files.writeString(Path.of(CONFIGURATION), "directories.tokendir = " + tokens + "\n");
        initialise();
        var provider = Security.getProvider("SunPKCS11")
                .configure("--name=operator\nlibrary=" + library + "\nslotListIndex=0\n"
                        + "attributes(generate, CKO_SECRET_KEY, *) = {\n CKA_TOKEN = true\n CKA_SENSITIVE = true\n"
                        + " CKA_EXTRACTABLE = false\n}\n");
        store = KeyStore.getInstance("PKCS11", provider);
        store.load(null, PIN);
        for (var label : List.of("w1", "w2")) {
            var aes = KeyGenerator.getInstance("AES", provider);
            aes.init(256);
            keep(label, aes.generateKey());
        }
        for (var label : List.of(FIRST_INDEX, SECOND_INDEX)) {
            keep(label, KeyGenerator.getInstance("HmacSHA256", provider).generateKey());
        }
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        if (vertx != null) {
            vertx.closeAndAwait();
        }
    }

    @Override
    protected Kms kms() {
        return open("w1", PIN);
    }

    @Override
    protected Kms rotated() {
        return open("w2", PIN);
    }

    @Test
    void the_token_gives_no_key_away() throws Exception {
        for (var label : List.of("w1", "w2", FIRST_INDEX, SECOND_INDEX)) {
            Key key = store.getKey(label, null);
            assertTrue(key.toString().contains("unextractable"), key.toString());
            assertNull(key.getEncoded());
        }
    }

    @Test
    void the_answer_comes_back_to_the_event_loop_that_asked() throws Exception {
        var kms = kms();
        var answered = new CompletableFuture<Boolean>();
        vertx.getDelegate().runOnContext(v -> {
            var asker = Thread.currentThread();
            kms.generateDekPair()
                    .subscribe()
                    .with(
                            pair -> answered.complete(Context.isOnEventLoopThread() && asker == Thread.currentThread()),
                            answered::completeExceptionally);
        });

        assertTrue(answered.get());
    }

    @Test
    void a_wrong_library_is_told_at_the_start() {
        var failure = assertThrows(
                IllegalStateException.class,
                () -> new Pkcs11Kms(
                        vertx, Path.of("/none.so"), 0, PIN, "w1", List.of(FIRST_INDEX), new SecureRandom(), TIMEOUT));
        assertTrue(failure.getMessage().contains("check library"), failure.getMessage());
    }

    /** The last: this library does not take a token back into a running process. */
    @Test
    @Order(Integer.MAX_VALUE)
    void a_token_that_is_gone_is_an_outage() throws Exception {
        var kms = kms();
        var edek = get(kms.generateDekPair()).edek();

        Files.move(tokens, tokens.resolveSibling("gone"));

        assertAllUnavailable("The region's key", kms, edek);
        delete(tokens.resolveSibling("gone"));
    }

    private static Kms open(String wrappingKey, char[] pin) {
        return new Pkcs11Kms(
                vertx, library, 0, pin, wrappingKey, List.of(FIRST_INDEX, SECOND_INDEX), new SecureRandom(), TIMEOUT);
    }

    private static void keep(String label, SecretKey key) throws Exception {
        store.setEntry(label, new KeyStore.SecretKeyEntry(key), null);
    }

    private static void initialise() throws Exception {
        var command = new ProcessBuilder(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "region",
                        "--so-pin",
                        "12345678",
                        "--pin",
                        new String(PIN))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, command.waitFor());
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
