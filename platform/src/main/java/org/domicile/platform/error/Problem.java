package org.domicile.platform.error;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;

/** Problem details (RFC 9457), sent as {@code application/problem+json}. */
@RegisterForReflection
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @JsonAnyGetter Map<String, Object> extensions) {
    public static final String MEDIA_TYPE = "application/problem+json";
    public static final String RETRY_AFTER = "retryAfter";
}
