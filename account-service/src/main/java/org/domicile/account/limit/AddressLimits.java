package org.domicile.account.limit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.domicile.platform.error.ProblemException;

/**
 * Bounds what one network address (of IPv6, one network of 64 bits), and each device behind it, asks without signing in. A device that
 * names itself anew each time has what its address has, and no more.
 */
@ApplicationScoped
public class AddressLimits {
    private static final int NETWORK_BYTES = 8;
    /** With a colon, so that it is never looked up as a name. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F.:]*");

    private final Limit signUps;
    private final Limit confirmations;
    private final Limit discoveries;

    @Inject
    public AddressLimits(LimitsConfig config, Clock clock) {
        this.signUps = limit(config.signUpsPerHour(), config.signUpsPerDeviceAndHour(), clock);
        this.confirmations = limit(config.confirmationsPerHour(), config.confirmationsPerDeviceAndHour(), clock);
        this.discoveries = limit(config.discoveriesPerHour(), config.discoveriesPerDeviceAndHour(), clock);
    }

    /** @throws ProblemException TOO_MANY_REQUESTS (429), with when to come again; for known and unknown identifiers alike */
    public void signUp(Caller caller) {
        signUps.take(caller);
    }

    /** @throws ProblemException TOO_MANY_REQUESTS (429) */
    public void confirmation(Caller caller) {
        confirmations.take(caller);
    }

    /** @throws ProblemException TOO_MANY_REQUESTS (429) */
    public void discovery(Caller caller) {
        discoveries.take(caller);
    }

    private record Limit(Budgets addresses, Budgets devices) {
        /** The device first: one that has had its share takes nothing more of what the others behind its address have. */
        void take(Caller caller) {
            caller.device().ifPresent(devices::take);
            addresses.take(network(caller.address()));
        }
    }

    private static Limit limit(int perAddress, int perDevice, Clock clock) {
        return new Limit(new Budgets(perAddress, "address", clock), new Budgets(perDevice, "device", clock));
    }

    /** A text that is no address (a proxy's name) counts as itself; nothing is looked up. */
    static String network(String address) {
        var literal = String.valueOf(address).replaceAll("[%].*|[\\[\\]]", "");
        if (!IPV6.matcher(literal).matches()) {
            return literal;
        }
        try {
            var parsed = InetAddress.getByName(literal);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), NETWORK_BYTES))
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return literal;
        }
    }
}
