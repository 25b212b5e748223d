package org.domicile.account.law;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.domicile.platform.consent.Feature;

/**
 * What a market's law says about people's rights, from {@code markets.yaml}.
 *
 * @param law its name
 * @param accessDeadline within which an export must be ready
 * @param erasureDeadline within which an erasure must be complete, from the request on
 * @param erasureGrace between the request and the erasure; zero where the law gives no notice period
 * @param logRetention how long the law wants logs kept, past an erasure too; empty where it wants none
 * @param inactivity after which an account that nobody uses is erased
 * @param consentAge years below which a guardian consents; empty where the law names none
 * @param regions where an account of the market may live, or live still; empty where the file names none
 * @param withdrawalGraces feature → time between a withdrawal and the purge
 */
public record MarketLaw(
        String id,
        String law,
        Duration accessDeadline,
        Duration erasureDeadline,
        Duration erasureGrace,
        Optional<Duration> logRetention,
        Duration inactivity,
        OptionalInt consentAge,
        Set<String> regions,
        Map<Feature, Duration> withdrawalGraces) {
    /** How long what is stored stays after its owner switched the feature off; zero where nothing is stated. */
    public Duration graceAfterWithdrawal(Feature feature) {
        return withdrawalGraces.getOrDefault(feature, Duration.ZERO);
    }
}
