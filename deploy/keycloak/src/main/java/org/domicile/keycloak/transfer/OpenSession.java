package org.domicile.keycloak.transfer;

import java.util.List;

/**
 * A sign-in that can be refreshed still. Without address and browser: Keycloak knows them, nobody needs them here.
 *
 * @param startedAt seconds since the epoch
 * @param lastUsedAt seconds since the epoch
 * @param clients client ids
 */
public record OpenSession(String id, long startedAt, long lastUsedAt, List<String> clients) {}
