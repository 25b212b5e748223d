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

    /** How many subscriptions one device may hold. */
    @WithDefault("500")
    int subscriptionsPerDevice();

    /** How many device connections one instance takes; further ones are answered 503. */
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

    /** How often expired messages are deleted. */
    @WithDefault("60s")
    Duration expiryEvery();

    /** How often connections are looked at. */
    @WithDefault("10s")
    Duration sweepEvery();

    /** How often accounts are looked for whose consent was withdrawn. */
    @WithDefault("60s")
    Duration withdrawalEvery();

    /** The key of the blind index of identifiers: 32 bytes in base64. Without it nobody can be found by number. */
    Optional<Path> indexKeyFile();

    /** How long stored data outlives a withdrawn consent. */
    @WithDefault("0s")
    Duration withdrawalGrace();
}
