package org.domicile.account.identity;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A session as Keycloak's {@code domicile-transfer} lists it.
 *
 * @param startedAt seconds since the epoch
 * @param lastUsedAt seconds since the epoch
 * @param clients client ids
 */
@RegisterForReflection
public record IdentitySession(String id, long startedAt, long lastUsedAt, List<String> clients) {}
