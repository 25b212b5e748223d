package org.domicile.backup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where backups are stored, how much of them, and the clocks that end what nobody wants any more. */
@ConfigMapping(prefix = "domicile.backup")
public interface BackupConfig {
    /** The bucket for all accounts; made at start if it is missing. */
    String bucket();

    /** Bytes that an account may store. */
    @WithDefault("10737418240")
    long quota();

    /** Bytes of the largest blob that is taken. */
    @WithDefault("1073741824")
    long maxBlob();

    /** How long a blob that a client deleted can be restored. */
    @WithDefault("7d")
    Duration trash();

    /** How long a client may send nothing in the middle of an upload. */
    @WithDefault("60s")
    Duration stall();

    /** How long an upload may take; what it reserved is free again afterwards. */
    @WithDefault("6h")
    Duration pending();

    /** How long after an upload began a device's DELETE of its name is taken as the end of that upload. */
    @WithDefault("15m")
    Duration cleanup();

    /** Age from which an object that no row names is deleted. */
    @WithDefault("12h")
    Duration orphan();

    /** How often uploads whose time is over, the trash and withdrawn backups are looked for; one instance does it at a time. */
    @WithDefault("10m")
    Duration sweep();

    /** How often the whole bucket is listed for objects that no row names; one instance does it at a time. */
    @WithDefault("6h")
    Duration objectSweep();
}
