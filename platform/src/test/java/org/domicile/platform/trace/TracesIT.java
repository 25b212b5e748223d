package org.domicile.platform.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.testing.TraceReceiver;
import org.domicile.platform.testing.TraceReceiver.Seen;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(TracedProfile.class)
class TracesIT {
    private static final String PHONE = "6591234567";
    private static final String STRANGERS = "0af7651916cd43dd8448eb211c80319c";

    @Inject
    NoteApplication application;

    TraceReceiver receiver;

    @Test
    void a_request_is_one_trace_through_outbox_and_kafka_to_the_consumer_and_on() {
        var account = AccountId.create();

        open(account);

        var record = acknowledged(account);
        var trace = trace(record);
        var request = named(trace, "POST /opened/{account}/{identifier}");
        var consumer = named(trace, "consume account.events");
        assertEquals(2, receiver.of(trace).size(), "nobody else makes spans");
        assertEquals("", request.parent());
        assertEquals(request.span(), consumer.parent());
        assertEquals(account.toString(), consumer.about().get("domicile.key"));
        assertEquals("backup", consumer.process().get("service.name"));
        assertEquals("cn-north", consumer.process().get("domicile.region"));
        assertTrue(header(record).contains(consumer.span()), "what comes of it goes on from there");
    }

    @Test
    void a_phone_number_is_in_no_span_and_a_client_names_no_trace() {
        var account = AccountId.create();

        open(account);
        RestAssured.given().get("/" + PHONE).then().statusCode(404);
        RestAssured.given().request("X" + PHONE, "/notes");

        var trace = trace(acknowledged(account));
        await(s -> s.trace().equals(trace) && s.name().startsWith("consume"));
        await(s -> s.name().startsWith("GET "));
        await(s -> s.name().startsWith("OTHER "));
        assertNotEquals(STRANGERS, trace);
        assertTrue(receiver.holds(account.toString()), "what is sent can be looked through");
        assertFalse(receiver.holds(PHONE));
        assertFalse(receiver.holds("127.0.0.1"));
    }

    private static void open(AccountId account) {
        RestAssured.given()
                .header("traceparent", "00-" + STRANGERS + "-b7ad6b7169203331-01")
                .header("baggage", "phone=" + PHONE)
                .header("User-Agent", PHONE)
                .queryParam("phone", PHONE)
                .post("/opened/{account}/{identifier}", account.toString(), PHONE)
                .then()
                .statusCode(204);
    }

    private ConsumerRecord<String, String> acknowledged(AccountId account) {
        return application.topics().await(Topics.RESIDENCY_ACKS, r -> account.toString()
                .equals(r.key()));
    }

    private Seen named(String trace, String name) {
        return await(s -> s.trace().equals(trace) && s.name().equals(name));
    }

    private Seen await(Predicate<Seen> fits) {
        try {
            Wait.until("it came", () -> receiver.all().stream().anyMatch(fits));
        } catch (AssertionError e) {
            throw new AssertionError("only these came: " + receiver.all(), e);
        }
        return receiver.all().stream().filter(fits).findFirst().orElseThrow();
    }

    private static String trace(ConsumerRecord<String, String> record) {
        return TraceParent.parse(header(record)).orElseThrow().getTraceId();
    }

    private static String header(ConsumerRecord<String, String> record) {
        return new String(record.headers().lastHeader(TraceParent.HEADER).value(), StandardCharsets.US_ASCII);
    }
}
