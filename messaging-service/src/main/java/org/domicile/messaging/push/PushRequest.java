package org.domicile.messaging.push;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.domicile.messaging.queue.Urgency;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * The header fields of a push message, checked (RFC 8030 section 5).
 *
 * @param ttl how long the message may wait, already shortened to the service's maximum; zero: deliver now or never
 * @param topic a waiting message of the same topic is replaced
 * @param vapid who sends, as claimed; not yet verified
 * @param wantsReceipt whether the sender wants to know when the device has taken the message (section 5.1)
 * @param receipts the receipt subscription that the sender has already
 */
public record PushRequest(
        Duration ttl,
        Urgency urgency,
        Optional<String> topic,
        Optional<VapidHeader> vapid,
        boolean wantsReceipt,
        Optional<String> receipts) {
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final Pattern RESPOND_ASYNC =
            Pattern.compile("(?:^|[,;\\s])respond-async(?:$|[,;\\s])", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST_TTL = 10;

    /** @param header value of a header field by its name, null when absent */
    public static PushRequest parse(UnaryOperator<String> header, Duration maxTtl) {
        return new PushRequest(
                ttl(header.apply("TTL"), maxTtl),
                urgency(header.apply("Urgency")),
                topic(header.apply("Topic")),
                VapidHeader.parse(header.apply("Authorization")),
                RESPOND_ASYNC
                        .matcher(Objects.requireNonNullElse(header.apply("Prefer"), ""))
                        .find(),
                Optional.ofNullable(header.apply("Push-Receipt")));
    }

    /** The same with a shorter wait, if it is longer than this. */
    PushRequest within(Duration longest) {
        return ttl.compareTo(longest) <= 0
                ? this
                : new PushRequest(longest, urgency, topic, vapid, wantsReceipt, receipts);
    }

    public boolean volatileOnly() {
        return ttl.isZero();
    }

    private static Duration ttl(String text, Duration max) {
        if (text == null) {
            throw invalid("Send the header TTL: the seconds that the message may wait for its device.");
        }
        if (!DIGITS.matcher(text).matches()) {
            throw invalid("Correct the header TTL: a whole number of seconds, 0 or more.");
        }
        if (text.length() > LONGEST_TTL) {
            return max;
        }
        var ttl = Duration.ofSeconds(Long.parseLong(text));
        return ttl.compareTo(max) > 0 ? max : ttl;
    }

    private static Urgency urgency(String text) {
        return text == null
                ? Urgency.NORMAL
                : Urgency.find(text)
                        .orElseThrow(() -> invalid("Correct the header Urgency: very-low, low, normal or high."));
    }

    private static Optional<String> topic(String text) {
        if (text == null) {
            return Optional.empty();
        }
        if (!TOPIC.matcher(text).matches()) {
            throw invalid("Correct the header Topic: at most 32 characters of the base64url alphabet.");
        }
        return Optional.of(text);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.INVALID_REQUEST, detail);
    }
}
