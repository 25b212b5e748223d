package org.domicile.migration.peer;

import org.domicile.platform.account.AccountId;

/**
 * Something for another region's migration-service, sent until it is acknowledged.
 *
 * @param lane deliveries of one account and lane arrive in order; different lanes do not wait for each other
 * @param kind last part of the path: {@code commands}, {@code acks} or {@code batons}; or {@code near}
 * @param body a JSON array
 */
public record Delivery(AccountId account, String region, String lane, String kind, String body) {
    public static final String COMMANDS = "commands";
    public static final String ACKS = "acks";
    public static final String BATONS = "batons";
    /** Commands for this region's own participants, brought to them directly. */
    public static final String NEAR = "near";
    /** The lane of what is sent to the other region and is neither an ack nor in {@link #CLOSES}. */
    public static final String ORDERS = "orders";
    /** The lane of CLOSE commands, which the source's participants make unnecessary where they reach their shadows. */
    public static final String CLOSES = "closes";
}
