package org.domicile.account.session;

import java.time.Instant;
import java.util.List;

/**
 * A sign-in that can be refreshed still.
 *
 * @param clients what signed in, by client id
 * @param current whether it is the one that asks
 */
public record OwnerSession(String id, Instant startedAt, Instant lastUsedAt, List<String> clients, boolean current) {}
