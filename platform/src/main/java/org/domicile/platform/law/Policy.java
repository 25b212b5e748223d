package org.domicile.platform.law;

import java.time.Duration;

/**
 * What a market's law wants, in numbers; {@link Policies} reads them.
 *
 * @param messages the longest that a message waits for its device
 * @param backupGrace how long a backup stays after its owner switched it off
 * @param messagesGrace the same for messages
 * @param trash the longest that what a client deleted can be restored
 * @param inactivity after which an account that nobody uses is erased
 * @param access within which an export must be ready
 * @param erasure within which an erasure must be complete, from the request on
 * @param erasureNotice between the request and the erasure; zero where the law gives no notice
 * @param logs how long the law wants logs kept, past an erasure too; zero where it wants none
 * @param consentAge years below which a guardian consents; zero where the law names none
 */
public record Policy(
        Duration messages,
        Duration backupGrace,
        Duration messagesGrace,
        Duration trash,
        Duration inactivity,
        Duration access,
        Duration erasure,
        Duration erasureNotice,
        Duration logs,
        int consentAge) {

    /** Field by field what is right by both: data ends by the shorter time, what people or the law are owed is the larger of the two. */
    public Policy stricter(Policy other) {
        return new Policy(
                shorter(messages, other.messages),
                shorter(backupGrace, other.backupGrace),
                shorter(messagesGrace, other.messagesGrace),
                shorter(trash, other.trash),
                shorter(inactivity, other.inactivity),
                shorter(access, other.access),
                shorter(erasure, other.erasure),
                longer(erasureNotice, other.erasureNotice),
                longer(logs, other.logs),
                Math.max(consentAge, other.consentAge));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
