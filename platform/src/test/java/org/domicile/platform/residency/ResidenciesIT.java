package org.domicile.platform.residency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.testing.TestRegions;
import org.junit.jupiter.api.Test;

/** Directory rows come by one topic per region, with no order between them. */
@QuarkusTest
@TestProfile(NoteProfile.class)
class ResidenciesIT {
    private static final String UNPROVEN = "select count(*) from residency_unproven where account_id = $1";

    @Inject
    Residencies residencies;

    @Inject
    NoteApplication application;

    @Inject
    MeterRegistry metrics;

    private final AccountId account = AccountId.create();

    @Test
    void a_row_whose_signer_is_not_known_to_be_home_waits_for_the_row_that_says_so() {
        learn(TestRegions.CN, TestRegions.CN, 1, TestRegions.CN);
        learn(TestRegions.SG, TestRegions.CN, 9, TestRegions.SG);
        assertEquals(new Home(TestRegions.CN, 1), home());
        assertEquals(1, application.count(UNPROVEN, account));

        learn(TestRegions.CN, TestRegions.SG, 4, TestRegions.CN);

        assertEquals(new Home(TestRegions.CN, 9), home());
        assertEquals(0, application.count(UNPROVEN, account));
    }

    @Test
    void a_row_that_waits_is_dropped_when_a_newer_one_is_proven() {
        learn(TestRegions.CN, TestRegions.CN, 1, TestRegions.CN);
        learn(TestRegions.SG, TestRegions.CN, 3, TestRegions.SG);

        learn(TestRegions.CN, TestRegions.SG, 4, TestRegions.CN);

        assertEquals(new Home(TestRegions.SG, 4), home());
        assertEquals(0, application.count(UNPROVEN, account));
    }

    @Test
    void a_row_that_another_region_than_the_home_before_signed_is_refused() {
        learn(TestRegions.CN, TestRegions.CN, 1, TestRegions.CN);

        assertThrows(InvalidSignature.class, () -> learn(TestRegions.CN, TestRegions.SG, 4, TestRegions.SG));

        assertEquals(new Home(TestRegions.CN, 1), home());
        assertTrue(residencies.elsewhere(account).await().indefinitely().isEmpty());
    }

    @Test
    void what_is_refused_is_counted_by_its_reason_and_what_is_repeated_is_not() {
        var before = refused();
        learn(TestRegions.CN, TestRegions.SG, 4, TestRegions.CN);
        learn(TestRegions.CN, TestRegions.SG, 4, TestRegions.CN);
        assertEquals(before, refused());

        learn(TestRegions.CN, TestRegions.CN, 3, TestRegions.CN);
        assertThrows(InvalidSignature.class, () -> learn(TestRegions.CN, TestRegions.CN, 4, TestRegions.CN));
        assertThrows(InvalidSignature.class, () -> learn(TestRegions.SG, TestRegions.CN, 9, TestRegions.CN));
        assertThrows(IllegalArgumentException.class, () -> learn(TestRegions.SG, "atlantis", 9, TestRegions.SG));
        assertThrows(InvalidSignature.class, () -> residencies
                .learn(tampered(TestRegions.sign(TestRegions.SG, row(TestRegions.SG, TestRegions.CN, 9))))
                .await()
                .indefinitely());
        learn(TestRegions.CN, TestRegions.SG, 9, TestRegions.CN);

        assertEquals(
                Map.of("stale", 1.0, "conflicting", 1.0, "forged", 2.0, "wrong-signer", 1.0, "unproven", 1.0),
                since(before));
        assertEquals(new Home(TestRegions.SG, 4), home());
    }

    /** By reason. */
    private Map<String, Double> refused() {
        return metrics.get("domicile.directory.rows.refused").counters().stream()
                .collect(Collectors.toMap(c -> c.getId().getTag("reason"), Counter::count));
    }

    private Map<String, Double> since(Map<String, Double> before) {
        return refused().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue() - before.get(e.getKey())));
    }

    /** The same signature under another account. */
    private static String tampered(String jws) {
        var parts = jws.split("\\.");
        var payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                .replace("\"epoch\":9", "\"epoch\":8");
        return parts[0] + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(StandardCharsets.UTF_8)) + "."
                + parts[2];
    }

    private record Home(String region, long epoch) {}

    private Home home() {
        var residency = residencies.of(account).await().indefinitely().orElseThrow();
        return new Home(residency.home(), residency.epoch());
    }

    private void learn(String from, String home, long epoch, String signer) {
        residencies
                .learn(TestRegions.sign(signer, row(from, home, epoch)))
                .await()
                .indefinitely();
    }

    private JsonObject row(String from, String home, long epoch) {
        return new JsonObject()
                .put("accountId", account.toString())
                .put("home", home)
                .put("epoch", epoch)
                .put("from", from)
                .put("at", "2026-11-22T00:00:00Z");
    }
}
