package org.domicile.migration.peer;

import org.domicile.platform.account.AccountId;

/**
 * Something for another region's migration-service, sent until it is acknowledged.
 *
 * @param lane deliveries of one account and lane arrive in order; different lanes do not wait for each other
 * @param kind last part of the path: {@code commands}, {@code acks} or {@code batons}
 * @param body a JSON array
 */
public record Delivery(AccountId account, String region, String lane, String kind, String body) {
    public static final String COMMANDS = "commands";
    public static final String ACKS = "acks";
    public static final String BATONS = "batons";
    /** The lane of everything but acks. */
    public static final String ORDERS = "orders";
}
