package org.domicile.account.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plants a phone number and looks for it in everything that the process logs, of any library, down to FINE of our own. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class SilentLogsIT {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root = LogContext.getLogContext().getLogger("");
    private final Logger ours = LogContext.getLogContext().getLogger("org.domicile");
    private final Handler listener = new Listener();

    @BeforeEach
    void listen() {
        ours.setLevel(Level.FINE);
        root.addHandler(listener);
    }

    @AfterEach
    void stop() {
        root.removeHandler(listener);
        ours.setLevel(null);
    }

    @Test
    void a_phone_number_is_in_no_log_whatever_is_done_with_it() {
        var local = "91" + Long.toString(100_000 + System.nanoTime() % 900_000);
        var phone = "+65" + local;

        var registration = Person.register(Map.of("market", "SG", "phone", local, "password", Person.PASSWORD));
        Person.tryConfirm(registration, "000000");
        Person.confirm(registration, Person.code(phone));
        Person.trySignIn(phone, "not the password");
        Person.trySignIn(phone, Person.PASSWORD).then().statusCode(200);
        RestAssured.given()
                .contentType("application/json")
                .body(Map.of("market", "SG", "phone", phone))
                .post("/v1/discover");
        RestAssured.given()
                .contentType("application/json")
                .body("{\"phone\":\"" + phone + "\",")
                .post("/v1/accounts");
        root.info("the listener hears");

        assertTrue(lines.stream().anyMatch(line -> line.contains("the listener hears")));
        assertEquals(
                List.of(), lines.stream().filter(line -> line.contains(local)).toList());
    }

    private final class Listener extends Handler {
        @Override
        public void publish(LogRecord logged) {
            var text = new StringBuilder(ExtLogRecord.wrap(logged).getFormattedMessage());
            for (var thrown = logged.getThrown(); thrown != null; thrown = thrown.getCause()) {
                text.append('\n').append(thrown);
            }
            lines.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
