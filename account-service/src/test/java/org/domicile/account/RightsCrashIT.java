package org.domicile.account;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.domicile.account.testing.Archives;
import org.domicile.account.testing.CrashingAccountParts;
import org.domicile.account.testing.DyingBackup;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.testing.ErasedAccounts;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

/**
 * Erasure and export while the database is lost before and after every commit, whichever they are ({@link
 * org.domicile.platform.testing.CrashingDatabase}): what was asked for happens, once, and nothing is left half done.
 */
@QuarkusTest
@QuarkusTestResource(value = CrashingAccountParts.class, restrictToAnnotatedClass = true)
class RightsCrashIT {
    /** Each step is lost twice, and has to be seen to succeed. */
    private static final int PEOPLE = 3;

    private static final long EPOCH = 2;
    /** What the law wants kept; and pieces of archives go with the archive, without being named. */
    private static final Set<String> KEPT = Set.of("legal_log", "export_chunk");

    /** Past what is broken, as an operator would. */
    @Inject
    AgroalDataSource direct;

    @Test
    void an_erasure_ends_wherever_the_database_is_lost() {
        var seen = ConcurrentHashMap.<String>newKeySet();

        forEach(people("IN"), person -> erased(person, seen));

        assertEquals(
                Set.of("SCHEDULED", "CANCELLED", "ORDERED", "ERASED"),
                seen,
                "every state of an erasure was come to through crashes");
        assertEquals(List.of(), accounts().untried(PlatformResource.crashes()), "no crash while these were emptied");
        var survived = String.join("\n", PlatformResource.crashes().survived());
        for (var step : List.of("insert into erasure ", "insert into outbox ", "delete from outbox ", "into erased ")) {
            assertTrue(survived.contains(step), step + " in " + survived);
        }
    }

    @Test
    void an_archive_is_made_whole_wherever_the_database_is_lost_and_whenever_another_service_dies() {
        try (var backup = new DyingBackup()) {
            forEach(people("SG"), this::exported);
        }

        var survived = String.join("\n", PlatformResource.crashes().survived());
        for (var step : List.of(
                "insert into export ",
                "update export set attempt = attempt + 1",
                "insert into export_chunk ",
                "state = 'READY'",
                "delete from export_chunk ")) {
            assertTrue(survived.contains(step), step + " in " + survived);
        }
    }

    private void erased(Person person, Set<String> seen) {
        var token = person.token();
        PlatformResource.crashes().watch(person.account());

        persist(() -> Person.with(token).delete("/v1/me"), 202);
        seen.add(state(token));
        // told again once it is done, there is nothing left to take back
        persist(() -> Person.with(token).delete("/v1/me/erasure"), 204, 409);
        seen.add(state(token));
        var id = UUID.fromString(
                persist(() -> Person.with(token).delete("/v1/me"), 202).path("erasureId"));
        accounts().change(person.account(), "update erasure set effective_at = now() where account_id = ?");
        comesTo("ORDERED", id, seen);

        accounts().erase(person.account(), id);
        comesTo("ERASED", id, seen);

        var ordered = new ArrayList<String>();
        TopicReader.until("account.events", person.account(), event -> {
            if (event.containsKey("erasureId")) {
                ordered.add(event.getString("erasureId"));
            }
            return !ordered.isEmpty();
        });
        assertEquals(Set.of(id.toString()), Set.copyOf(ordered), "what was taken back was never ordered");
        var left = TopicReader.until(
                        "residency.acks",
                        person.account(),
                        ack -> ack.getLong("epoch") == EPOCH && ack.getBoolean("done"))
                .getLast()
                .getJsonObject("left");
        assertEquals(0, left.getLong("rows") + left.getLong("objects"), left.encode());
    }

    private void exported(Person person) {
        var token = person.token();
        PlatformResource.crashes().watch(person.account());

        var ordered = persist(() -> Person.with(token).post("/v1/me/export"), 202);
        var status = ordered.<String>path("status");
        Wait.until("the archive", () -> {
            // as it is when the lease of whoever has died is over
            accounts()
                    .change(
                            person.account(),
                            "update export set leased_until = now() - interval '1 second' where account_id = ?"
                                    + " and state = 'ORDERED'");
            return "READY".equals(Person.with(token).get(status).path("state"));
        });

        assertEquals(1, accounts().count(person.account(), "export where"), "asked for again, it is the same one");
        assertEquals(
                1,
                accounts()
                        .count(person.account(), "(select distinct account_id, attempt from export_chunk) as a where"));
        var ready = Person.with(token).get(status);
        var files = Archives.unzip(Person.with(token)
                .get(ready.<String>path("archive"))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray());
        var manifest = new JsonObject(new String(files.get("manifest.json"), UTF_8));
        assertEquals(files.size() - 1, manifest.getJsonArray("files").size());
        assertTrue(
                new String(files.get("account/profile.jsonl"), UTF_8).contains(person.email()),
                "what is in it is this person's");
        assertEquals(
                1, new String(files.get("backup/files.jsonl"), UTF_8).lines().count(), "each record once");
    }

    private ErasedAccounts accounts() {
        return new ErasedAccounts(direct, KEPT);
    }

    private static List<Person> people(String market) {
        return Stream.generate(() -> Person.signedUp(market, "Ada"))
                .limit(PEOPLE)
                .peek(person -> {
                    var token = person.token();
                    Person.with(token)
                            .body(Map.of("name", "phone", "model", "M1"))
                            .post("/v1/me/devices");
                    Person.with(token)
                            .body(Map.of("granted", true, "policyVersion", "2026-01"))
                            .put("/v1/me/consents/backup");
                })
                .toList();
    }

    /** Together: a step that one of them does not survive, the next one comes to. */
    private static void forEach(List<Person> people, Consumer<Person> what) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(people.stream()
                            .map(person -> CompletableFuture.runAsync(() -> what.accept(person), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    /** As any client does whose question was not answered. */
    private static Response persist(Supplier<Response> request, Integer... accepted) {
        var answers = new ArrayList<Response>();
        Wait.until("answered", () -> {
            answers.add(request.get());
            return List.of(accepted).contains(answers.getLast().statusCode());
        });
        return answers.getLast();
    }

    private static String state(String token) {
        return persist(() -> Person.with(token).get("/v1/me/erasure"), 200).path("state");
    }

    private static void comesTo(String state, UUID erasure, Set<String> seen) {
        Wait.until(
                state, () -> state.equals(given().get("/v1/erasures/" + erasure).path("state")));
        seen.add(state);
    }
}
