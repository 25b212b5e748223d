package org.domicile.messaging.receipt;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/**
 * The end of one message, told to its sender once.
 *
 * @param location the last segment of the message's own URL
 * @param status 204 or 410, see {@link ReceiptStatus}
 */
@RegisterForReflection
public record Receipt(
        @JsonProperty(required = true) UUID id,
        @JsonProperty(required = true) String location,
        @JsonProperty(required = true) int status) {
    /** The path of the message's URL under the push origin. */
    public String path() {
        return "/push/message/" + location;
    }

    /** Redacted: the location is a capability. */
    @Override
    public String toString() {
        return "Receipt[" + id + ", " + status + "]";
    }
}
