package org.domicile.account.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * What one network address, and one device behind it, may ask without signing in: sign-ups of an address over all instances, the rest in each. Behind a proxy, {@code quarkus.http.proxy} says whose
 * forwarded addresses to believe. Every sign-up hashes a password: this bounds that work, too.
 */
@ConfigMapping(prefix = "domicile.limits")
public interface LimitsConfig {
    /** Sign-ups of one address in an hour. */
    @WithDefault("60")
    int signUpsPerHour();

    /** Codes that one address tries in an hour, whichever registrations they are of. */
    @WithDefault("300")
    int confirmationsPerHour();

    /** Questions of one address in an hour where an identifier lives. */
    @WithDefault("120")
    int discoveriesPerHour();

    /** Sign-ups of one device in an hour; a device is told apart by {@code Domicile-Device-Number}. */
    @WithDefault("10")
    int signUpsPerDeviceAndHour();

    /** Codes that one device tries in an hour. */
    @WithDefault("60")
    int confirmationsPerDeviceAndHour();

    /** Questions of one device in an hour where an identifier lives. */
    @WithDefault("30")
    int discoveriesPerDeviceAndHour();

    /** Questions of another region's account-service in a minute whether an identifier lives here: no region enumerates another's numbers. */
    @WithDefault("600")
    int discoveriesPerRegionAndMinute();
}
