package org.domicile.participant;

import com.fasterxml.jackson.databind.JsonNode;

/** An account's fence row, as the system tells it. */
record Row(String mode, long epoch, long version, boolean done, long left) {
    static Row of(Answer answer) {
        JsonNode json = answer.orBroken("a question for a fence row").body();
        Broken.unless(
                json.path("mode").isTextual()
                        && json.path("epoch").isIntegralNumber()
                        && json.path("version").isIntegralNumber(),
                "a fence row is {mode, epoch, version}, not " + json);
        return new Row(
                json.get("mode").textValue(),
                json.get("epoch").longValue(),
                json.get("version").longValue(),
                json.path("done").asBoolean(true),
                json.path("left").asLong(0));
    }

    void mustBe(String expected, long at, String when) {
        Broken.unless(
                mode.equals(expected) && epoch == at,
                when + " the row must be " + expected + " at epoch " + at + " and is " + mode + " at " + epoch);
    }
}
