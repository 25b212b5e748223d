package org.domicile.account.law;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.law.Policy;

/**
 * What a market's law says about people's rights.
 *
 * @param law its name
 * @param regions where an account of the market may live, or live still; empty where the file names none
 * @param policy its numbers
 */
public record MarketLaw(String id, String law, Set<String> regions, Policy policy) {
    /** Within which an export must be ready. */
    public Duration accessDeadline() {
        return policy.access();
    }

    /** Within which an erasure must be complete, from the request on. */
    public Duration erasureDeadline() {
        return policy.erasure();
    }

    /** Between the request and the erasure; zero where the law gives no notice period. */
    public Duration erasureGrace() {
        return policy.erasureNotice();
    }

    /** How long the law wants logs kept, past an erasure too; empty where it wants none. */
    public Optional<Duration> logRetention() {
        return Optional.of(policy.logs()).filter(kept -> !kept.isZero());
    }

    /** After which an account that nobody uses is erased. */
    public Duration inactivity() {
        return policy.inactivity();
    }

    /** Years below which a guardian consents; empty where the law names none. */
    public OptionalInt consentAge() {
        return policy.consentAge() == 0 ? OptionalInt.empty() : OptionalInt.of(policy.consentAge());
    }

    /** How long what is stored stays after its owner switched the feature off; zero where nothing is stated. */
    public Duration graceAfterWithdrawal(Feature feature) {
        return switch (feature) {
            case BACKUP -> policy.backupGrace();
            case MESSAGING -> policy.messagesGrace();
            case DISCOVERABILITY, DIAGNOSTICS -> Duration.ZERO;
        };
    }
}
