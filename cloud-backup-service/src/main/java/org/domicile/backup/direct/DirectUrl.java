package org.domicile.backup.direct;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A URL of the store for one transfer.
 *
 * @param uploadId to name when committing; absent for a download
 * @param headers that must be sent exactly as they are: the signature covers them
 * @param expiresAt from when the store refuses it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record DirectUrl(
        UUID uploadId, String method, String url, Map<String, String> headers, long size, Instant expiresAt) {}
