package org.domicile.platform.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

class JsonLogFormatterTest {
    private final JsonLogFormatter formatter = new JsonLogFormatter(new ServiceIdentity("cn-north", "backup"));

    @Test
    void what_happened_is_apart_from_what_it_happened_to() {
        var line =
                format("org.domicile.backup.Sweep", "left to the sweep uploads=3 reason=it said: no room left", null);

        assertEquals("left to the sweep", line.getString("event"));
        assertEquals(
                new JsonObject().put("uploads", "3").put("reason", "it said: no room left"),
                line.getJsonObject("fields"));
        assertEquals("cn-north", line.getString("region"));
        assertEquals("backup", line.getString("service"));
        assertEquals("WARN", line.getString("level"));
    }

    @Test
    void a_line_of_somebody_else_is_not_taken_apart() {
        var line = format("io.netty", "pool a=b", null);

        assertEquals("pool a=b", line.getString("event"));
        assertFalse(line.containsKey("fields"));
    }

    @Test
    void one_record_is_one_line_with_its_stack() {
        var text = formatter.format(
                logged("org.domicile.X", "unexpected failure", new IllegalStateException("two\nlines")));

        assertEquals(1, text.lines().count());
        assertTrue(new JsonObject(text).getString("stack").startsWith("java.lang.IllegalStateException: two\nlines"));
    }

    private JsonObject format(String logger, String message, Throwable thrown) {
        return new JsonObject(formatter.format(logged(logger, message, thrown)));
    }

    private static ExtLogRecord logged(String logger, String message, Throwable thrown) {
        var logged = new ExtLogRecord(org.jboss.logmanager.Level.WARN, message, JsonLogFormatterTest.class.getName());
        logged.setLoggerName(logger);
        logged.setThrown(thrown);
        return logged;
    }
}
