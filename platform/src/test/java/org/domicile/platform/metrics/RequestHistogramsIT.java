package org.domicile.platform.metrics;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

/** The samples that alerts on slow answers look for, by the very labels. */
@QuarkusTest
@TestProfile(NoteProfile.class)
class RequestHistogramsIT {
    @Test
    void clients_requests_are_counted_apart_up_to_the_bounds_of_the_objectives() {
        given().get("/v1/nothing").then().statusCode(404);

        for (var bound : List.of("0.3", "1.0")) {
            Wait.until("counted up to " + bound, () -> given().get("/q/metrics")
                    .asString()
                    .lines()
                    .anyMatch(line -> line.startsWith("http_server_requests_seconds_bucket{kind=\"client\"")
                            && line.contains("le=\"" + bound + "\"")));
        }
        assertTrue(given().get("/q/metrics").asString().contains("http_server_requests_seconds_count{kind=\"client\""));
    }
}
