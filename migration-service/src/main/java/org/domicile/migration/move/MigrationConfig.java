package org.domicile.migration.move;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How moves are run. */
@ConfigMapping(prefix = "domicile.migration")
public interface MigrationConfig {
    /** The region's key for commands, batons and receipts: PEM, PKCS #8, Ed25519. Its public half is in the region list. */
    Path signingKey();

    /** How long the old home keeps its copy after the new one owns the account. */
    @WithDefault("P7D")
    Duration soak();

    /** How long writes may be stopped before the move is aborted. */
    @WithDefault("10s")
    Duration fenceDeadline();

    /**
     * How long the target's services may take to close by what the source's bring them, before they are ordered to; longer than the
     * longest round trip. Only for services that {@code domicile.peer.near} names.
     */
    @WithDefault("600ms")
    Duration closePatience();

    /** How long the source's services may take to confirm that they own the account. */
    @WithDefault("30s")
    Duration preflightDeadline();

    /** The services and outside systems that hold data of an account; an outside system is also a class of data of the law. */
    @WithDefault("account,backup,messaging")
    List<String> participants();

    /** How often deadlines and resends are looked at. */
    @WithDefault("200ms")
    Duration tick();

    /** How often orders that nobody has answered are given again. */
    @WithDefault("1m")
    Duration repeatAfter();

    /** How long a move of a wave may stay in one state before it is shown as stuck. */
    @WithDefault("1m")
    Duration stuckAfter();

    /** How long a wave waits before it begins the move of an account again; twice as long after the second time, and so on. */
    @WithDefault("30s")
    Duration retryAfter();

    /** How long the accounts of a wave are remembered after it has ended, and what the directory log says. */
    @WithDefault("P180D")
    Duration waveRetention();

    /** What an account is assumed to be like while none has moved. */
    Forecast forecast();

    /** The assumptions of a wave's first forecast. */
    interface Forecast {
        /** Bytes of objects. */
        @WithDefault("50000000")
        double bytes();

        /** Records. */
        @WithDefault("500")
        double records();

        /** Seconds from the order to the cut-over. */
        @WithDefault("5")
        double seconds();
    }
}
