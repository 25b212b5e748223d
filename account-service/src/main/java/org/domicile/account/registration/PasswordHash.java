package org.domicile.account.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.WorkerExecutor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.domicile.account.identity.IdentityUser;

/** Hashes a password as Keycloak would: Argon2id with Keycloak's own parameters, so that it is not hashed again at sign-in. */
@ApplicationScoped
public class PasswordHash {
    private static final int ITERATIONS = 5;
    private static final int MEMORY_KIB = 7168;
    private static final int PARALLELISM = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private static final String PARAMETERS = new JsonObject()
            .put("hashIterations", ITERATIONS)
            .put("algorithm", "argon2")
            .put(
                    "additionalParameters",
                    new JsonObject()
                            .put("hashLength", one(HASH_BYTES))
                            .put("memory", one(MEMORY_KIB))
                            .put("type", one("id"))
                            .put("version", one("1.3"))
                            .put("parallelism", one(PARALLELISM)))
            .encode();

    private final SecureRandom random;
    private final Clock clock;
    /** As many threads as CPUs: more would be no faster, and each takes the memory of a hash. */
    private final WorkerExecutor threads;

    @Inject
    public PasswordHash(SecureRandom random, Clock clock, Vertx vertx) {
        this.random = random;
        this.clock = clock;
        this.threads = vertx.createSharedWorkerExecutor(
                "password-hash", Runtime.getRuntime().availableProcessors());
    }

    /** Takes 20 to 50 ms of a CPU and 7 MiB. */
    public Uni<IdentityUser.Credential> hash(String password) {
        return threads.executeBlocking(() -> compute(password), false);
    }

    private IdentityUser.Credential compute(String password) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withIterations(ITERATIONS)
                .withMemoryAsKB(MEMORY_KIB)
                .withParallelism(PARALLELISM)
                .withSalt(salt)
                .build());
        var hash = new byte[HASH_BYTES];
        generator.generateBytes(password.getBytes(UTF_8), hash);
        var secret = new JsonObject()
                .put("value", Base64.getEncoder().encodeToString(hash))
                .put("salt", Base64.getEncoder().encodeToString(salt))
                .put("additionalParameters", new JsonObject());
        return new IdentityUser.Credential("password", secret.encode(), PARAMETERS, clock.millis(), 1, null);
    }

    private static JsonArray one(Object value) {
        return new JsonArray().add(value.toString());
    }
}
