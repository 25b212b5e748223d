package org.domicile.account.key;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.RegionKms;
import org.domicile.platform.crypto.WrappedKey;
import org.domicile.platform.key.KeyRotation;
import org.domicile.platform.key.KeysConfig;
import org.domicile.platform.kms.LocalKms;
import org.domicile.platform.metrics.Looks;
import org.domicile.platform.testing.TestKeys;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The test is the operator, who rotates from key k1 to k2, and back. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class KeyRotationIT {
    @Inject
    @ReactiveDataSource("keys")
    Pool keys;

    @Inject
    KeysConfig config;

    @Inject
    RegionKms kms;

    @Inject
    KeyRotation rotation;

    @AfterEach
    void back() {
        kms.use(TestKeys.both("k1", "i1"));
        rotation.rewrap().await().indefinitely();
        kms.back();
    }

    @Test
    void keys_are_wrapped_again_and_a_region_key_that_is_lost_loses_no_data() {
        var person = Person.signedUp();
        var token = person.token();

        assertEquals(0, rewrapTo("k2"), "every data key is under the new key");

        // the running service now lacks the key that its data keys are under
        Person.with(token)
                .get("/v1/me")
                .then()
                .statusCode(503)
                .header("Retry-After", "30")
                .body("detail", equalTo("The region's key \"k2\" is missing: the operator must restore it."));
        Person.with(token)
                .body(Map.of("name", "phone", "model", "M1"))
                .post("/v1/me/devices")
                .then()
                .statusCode(503);
        Person.with(token).get("/v1/me/residency").then().statusCode(200).body("homeRegion", equalTo("cn-north"));
        Person.with(token)
                .body(Map.of("granted", true, "policyVersion", "2026-01"))
                .put("/v1/me/consents/backup")
                .then()
                .statusCode(200);
        Person.with(token).get("/v1/me/consents").then().statusCode(200);

        assertEquals(0, rewrapTo("k1"), "and back");
        Person.with(token).get("/v1/me").then().statusCode(200).body("email", equalTo(person.email()));
        Person.with(token).get("/v1/me/devices").then().body("devices.size()", equalTo(0));
    }

    @Test
    void no_request_fails_while_the_key_is_rotated_and_none_needs_the_old_one_after_it() {
        var person = Person.signedUp();
        var token = person.token();
        var done = new AtomicBoolean();
        var asked = new AtomicInteger();
        var refused = new ConcurrentLinkedQueue<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = Stream.<Supplier<Response>>of(
                            () -> Person.with(token).get("/v1/me"),
                            () -> Person.with(token)
                                    .body(Map.of("displayName", "Ada " + asked.get()))
                                    .patch("/v1/me"),
                            () -> Person.with(token)
                                    .body(Map.of("name", "phone", "model", "M1"))
                                    .post("/v1/me/devices"))
                    .map(request -> CompletableFuture.runAsync(
                            () -> {
                                do {
                                    var status = request.get().statusCode();
                                    asked.incrementAndGet();
                                    if (status / 100 != 2) {
                                        refused.add(status);
                                    }
                                } while (!done.get());
                            },
                            threads))
                    .toList();
            try {
                Wait.until("asked", () -> asked.get() > 5);
                kms.use(TestKeys.both("k2", "i1"));
                var newcomer = Person.signedUp();
                assertEquals(0, rotation.rewrap().await().indefinitely());
                assertEquals("k2", wrappedBy(person));
                assertEquals("k2", wrappedBy(newcomer));
                kms.use(TestKeys.withoutFirstWrappingKey());
                var rotated = asked.get();
                Wait.until("asked without the old key", () -> asked.get() > rotated + 5);
            } finally {
                done.set(true);
            }
            work.forEach(CompletableFuture::join);
        }

        assertEquals(List.of(), List.copyOf(refused));
        Person.with(token).get("/v1/me").then().statusCode(200).body("email", equalTo(person.email()));
    }

    private String wrappedBy(Person person) {
        var row = keys.preparedQuery("select edek from wrapped_key where account_id = $1")
                .executeAndAwait(Tuple.of(person.account().value()))
                .iterator()
                .next();
        return WrappedKey.parse(row.getBuffer("edek").getBytes()).key();
    }

    private long rewrapTo(String primary) {
        var kms = new LocalKms(TestKeys.both(primary, "i1"), new SecureRandom());
        return new KeyRotation(keys, kms, config, new Looks(new SimpleMeterRegistry(), Clock.systemUTC()))
                .rewrap()
                .await()
                .indefinitely();
    }
}
