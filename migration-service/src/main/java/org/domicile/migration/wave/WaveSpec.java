package org.domicile.migration.wave;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * What an operator orders. What is left out is not limited, but concurrency (4), the write pause (one second), the error budget (0) and
 * the attempts (3).
 *
 * @param to target region; null = where each account's market belongs, and only accounts that live elsewhere
 * @param window when moves may begin; null = always. Those under way go on when it closes
 * @param concurrency most moves at a time, 1–1,000
 * @param errorBudget failed moves that are tolerated; one more halts the wave
 * @param attempts how often an account's move is begun before it counts as failed, if its coordinator gives it up, 1–10; one that
 *     somebody aborts, or whose copy differs, is not begun again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record WaveSpec(
        String name,
        Selector selector,
        String to,
        Window window,
        Integer concurrency,
        Limits limits,
        Integer errorBudget,
        Integer attempts) {
    private static final int MOST_CONCURRENT = 1_000;
    private static final int MOST_ATTEMPTS = 10;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_LIST = 100_000;

    public WaveSpec {
        name = name == null ? "wave" : name;
        selector = selector == null ? new Selector(null, null, null, null, null, null) : selector;
        concurrency = concurrency == null ? 4 : concurrency;
        limits = limits == null ? new Limits(null, null, null, null) : limits;
        errorBudget = errorBudget == null ? 0 : errorBudget;
        attempts = attempts == null ? 3 : attempts;
    }

    /**
     * Which accounts; every member that is given narrows the choice.
     *
     * @param home must be this region, if given
     * @param percent of the accounts that the others choose: always the same ones, so that 10 is a part of 50
     * @param limit at most so many
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Selector(
            List<String> markets, String home, List<AccountId> accounts, String label, Integer percent, Long limit) {}

    /** From one time of the day to another, past midnight if {@code until} is before {@code from}. */
    public record Window(LocalTime from, LocalTime until, ZoneId zone) {
        private static final double DAY = Duration.ofDays(1).toSeconds();

        /** The part of a day, above 0 to 1. */
        public double fraction() {
            var open = Math.floorMod(until.toSecondOfDay() - from.toSecondOfDay(), (int) DAY);
            return open == 0 ? 1 : open / DAY;
        }

        public boolean open(LocalTime now) {
            return from.isBefore(until)
                    ? !now.isBefore(from) && now.isBefore(until)
                    : !now.isBefore(from) || now.isBefore(until);
        }
    }

    /**
     * @param bytesPerSecond of objects copied, over all accounts
     * @param recordsPerSecond copied, over all accounts
     * @param latency what a read at the source and a write at the target may take: above it, fewer moves at a time
     * @param pause how long a fence may stop an account's writes, for nine accounts of ten: above it, fewer moves at a time
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(Long bytesPerSecond, Long recordsPerSecond, Duration latency, Duration pause) {
        private static final Duration PAUSE = Duration.ofSeconds(1);

        public Limits {
            pause = pause == null ? PAUSE : pause;
        }
    }

    public Optional<String> target() {
        return Optional.ofNullable(to);
    }

    /** @throws ProblemException INVALID_REQUEST, with a sentence that names the member */
    public WaveSpec checked() {
        require(name.length() <= LONGEST_NAME, "\"name\" has more than " + LONGEST_NAME + " characters.");
        require(
                concurrency >= 1 && concurrency <= MOST_CONCURRENT,
                "\"concurrency\" must be 1 to " + MOST_CONCURRENT + ".");
        require(errorBudget >= 0, "\"errorBudget\" must not be negative.");
        require(attempts >= 1 && attempts <= MOST_ATTEMPTS, "\"attempts\" must be 1 to " + MOST_ATTEMPTS + ".");
        require(positive(limits.bytesPerSecond()), "\"limits.bytesPerSecond\" must be above 0.");
        require(positive(limits.recordsPerSecond()), "\"limits.recordsPerSecond\" must be above 0.");
        require(
                limits.latency() == null || limits.latency().isPositive(),
                "\"limits.latency\" must be a duration above 0, such as PT0.2S.");
        require(limits.pause().isPositive(), "\"limits.pause\" must be a duration above 0, such as PT1S.");
        require(positive(selector.limit()), "\"selector.limit\" must be above 0.");
        require(
                selector.percent() == null || selector.percent() >= 1 && selector.percent() <= 100,
                "\"selector.percent\" must be 1 to 100.");
        require(
                selector.accounts() == null || selector.accounts().size() <= LONGEST_LIST,
                "\"selector.accounts\" has more than " + LONGEST_LIST + " accounts: give them a label instead.");
        require(
                window == null || window.from() != null && window.until() != null && window.zone() != null,
                "\"window\" needs \"from\", \"until\" and \"zone\".");
        return this;
    }

    private static boolean positive(Long number) {
        return number == null || number > 0;
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, sentence);
        }
    }
}
