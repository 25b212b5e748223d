package org.domicile.platform.fence;

import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * {@code Domicile-Epoch}. In an answer: the epoch of the account's home that gave it, so that a client can ignore an older one. In a
 * request: the highest that the asker knows, so that a region which has not heard of it yet waits for the news instead of answering from
 * before.
 */
public final class EpochHeader {
    public static final String NAME = "Domicile-Epoch";

    private EpochHeader() {}

    /**
     * @param value the header of a request, or null
     * @return 0 without a header
     * @throws ProblemException INVALID_REQUEST (400) if it is not an epoch
     */
    public static long known(String value) {
        if (value == null) {
            return 0;
        }
        try {
            var epoch = Long.parseLong(value);
            if (epoch >= 0) {
                return epoch;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new ProblemException(
                ErrorCode.INVALID_REQUEST, NAME + " is a whole number: leave it out, or send the last one answered.");
    }
}
