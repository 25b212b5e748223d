package org.domicile.account.key;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.Map;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.key.KeyRotation;
import org.domicile.platform.kms.LocalKms;
import org.domicile.platform.testing.TestKeys;
import org.junit.jupiter.api.Test;

/** The running service has key k1; the test is the operator, who rotates to k2, and back. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class KeyRotationIT {
    @Inject
    @ReactiveDataSource("keys")
    Pool keys;

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

    private long rewrapTo(String primary) {
        var kms = new LocalKms(TestKeys.both(primary, "i1"), new SecureRandom());
        return new KeyRotation(keys, kms, new SimpleMeterRegistry())
                .rewrap()
                .await()
                .indefinitely();
    }
}
