package org.domicile.account.identity;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/**
 * A passkey as Keycloak's {@code domicile-transfer} lists it.
 *
 * @param label as the owner typed it
 * @param addedAt milliseconds since the epoch
 */
@RegisterForReflection
public record IdentityPasskey(UUID id, String label, long addedAt) {}
