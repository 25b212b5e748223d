package org.domicile.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Every limit and address of messaging-service. */
@ConfigMapping(prefix = "domicile.messaging")
public interface MessagingConfig {
    /** The region-neutral origin under which push endpoints live, and VAPID's {@code aud}: scheme, host, port; no path. */
    URI pushOrigin();

    /**
     * The keys that push endpoints are spelled with, so that nobody else can tell whose they are; the same file in every region
     * ({@code docs/keys.md}).
     */
    Optional<Path> routingKeys();

    /** The longest time that a message waits for its device; a longer {@code TTL} is shortened to it (RFC 8030 section 5.2). */
    @WithDefault("30d")
    Duration maxTtl();

    /** The largest encrypted message, in bytes. RFC 8030 section 7.2 asks for 4,096; this adds room for the RFC 8188 framing. */
    @WithDefault("4352")
    int maxBody();

    /** How many messages may wait for one subscription; one more is refused with 429. */
    @WithDefault("1000")
    int backlog();

    /** How many messages one connection may hold unacknowledged; further ones wait in the database. */
    @WithDefault("32")
    int window();

    /** How many transactions that many messages and acknowledgements share one instance has under way at a time. */
    @WithDefault("2")
    int writers();

    /** How long such a transaction may take before its callers are told that its outcome is unknown, and the next begins. */
    @WithDefault("10s")
    Duration writeDeadline();

    /** How many subscriptions one device may hold. */
    @WithDefault("500")
    int subscriptionsPerDevice();

    /** How many device connections one instance takes, with those that it relays; further ones are answered 503. */
    @WithDefault("100000")
    int maxConnections();

    /** How long a new connection may take to say hello. */
    @WithDefault("20s")
    Duration helloTimeout();

    /** After so long without a frame the server pings; after twice as long it closes. */
    @WithDefault("5m")
    Duration idle();

    /** A client may ping at most once in this time. */
    @WithDefault("1s")
    Duration pingInterval();

    /** Where other instances of this service reach this one's peer listener; without it, where it listens. */
    Optional<URI> instanceAddress();

    /** How often an instance says that it is alive. */
    @WithDefault("5s")
    Duration instanceSeenEvery();

    /** An instance that was not seen for so long is taken for dead. */
    @WithDefault("60s")
    Duration instanceForgotten();

    /** How long an acknowledgement may come after the message's time is over, for senders that want a receipt. */
    @WithDefault("10s")
    Duration receiptGrace();

    /** How long a receipt waits for its sender. */
    @WithDefault("1d")
    Duration receiptRetention();

    /** How long a request for receipts lasts at most. */
    @WithDefault("60s")
    Duration receiptWait();

    /** How often an open request for receipts looks for new ones. */
    @WithDefault("1s")
    Duration receiptLook();

    /** How many requests for receipts one instance keeps open. */
    @WithDefault("1000")
    int receiptStreams();

    /** How often expired messages are deleted. */
    @WithDefault("60s")
    Duration expiryEvery();

    /** How often connections are looked at. */
    @WithDefault("10s")
    Duration sweepEvery();

    /** How often accounts are looked for whose consent was withdrawn. */
    @WithDefault("60s")
    Duration withdrawalEvery();

    /** How often the next 10,000 devices are looked at, whether they were revoked and something was left of them. */
    @WithDefault("60s")
    Duration revocationEvery();

    /** How many people an account may look for in a day, by number, address or id, found or not. */
    @WithDefault("200")
    int discoveriesPerDay();
}
