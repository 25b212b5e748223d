package org.domicile.account.limit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * Bounds what one network address (of IPv6, one network of 64 bits) asks without signing in. In memory only; an address is forgotten
 * when it has its whole budget again, or when too many others came since.
 */
@ApplicationScoped
public class AddressLimits {
    private static final int REMEMBERED = 50_000;
    private static final int NETWORK_BYTES = 8;
    /** With a colon, so that it is never looked up as a name. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F.:]*");

    private final Clock clock;
    private final Limit signUps;
    private final Limit confirmations;
    private final Limit discoveries;

    @Inject
    public AddressLimits(LimitsConfig config, Clock clock) {
        this.clock = clock;
        this.signUps = new Limit(config.signUpsPerHour());
        this.confirmations = new Limit(config.confirmationsPerHour());
        this.discoveries = new Limit(config.discoveriesPerHour());
    }

    /** @throws ProblemException TOO_MANY_REQUESTS (429), with when to come again; for known and unknown identifiers alike */
    public void signUp(String address) {
        signUps.take(address);
    }

    /** @throws ProblemException TOO_MANY_REQUESTS (429) */
    public void confirmation(String address) {
        confirmations.take(address);
    }

    /** @throws ProblemException TOO_MANY_REQUESTS (429) */
    public void discovery(String address) {
        discoveries.take(address);
    }

    private final class Limit {
        private final int perHour;
        private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > REMEMBERED;
            }
        };

        Limit(int perHour) {
            this.perHour = perHour;
        }

        void take(String address) {
            var probe = bucket(network(address)).tryConsumeAndReturnRemaining(1);
            if (!probe.isConsumed()) {
                var seconds = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
                throw new ProblemException(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "Too many requests from this address: try again in " + seconds + " seconds.",
                        Map.of("retryAfter", seconds));
            }
        }

        private Bucket bucket(String network) {
            synchronized (buckets) {
                return buckets.computeIfAbsent(network, n -> Bucket.builder()
                        .withCustomTimePrecision(time())
                        .addLimit(l -> l.capacity(perHour).refillIntervally(perHour, Duration.ofHours(1)))
                        .build());
            }
        }
    }

    private TimeMeter time() {
        return new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return TimeUnit.MILLISECONDS.toNanos(clock.millis());
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
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
