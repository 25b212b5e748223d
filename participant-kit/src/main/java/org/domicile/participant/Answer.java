package org.domicile.participant;

import com.fasterxml.jackson.databind.JsonNode;

/** What the system answered. */
record Answer(int status, JsonNode body) {
    boolean isOk() {
        return status / 100 == 2;
    }

    /** Whether a client's write was refused as one that may be tried again, here or elsewhere. */
    boolean refusesWrite() {
        return switch (status) {
            case 404, 409, 421, 423, 503 -> true;
            default -> false;
        };
    }

    Answer orBroken(String what) {
        if (!isOk()) {
            throw new Broken(what + " was answered " + status + ": "
                    + body.path("detail").asText());
        }
        return this;
    }
}
