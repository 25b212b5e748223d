package org.domicile.client.sdk;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * A random number that goes with requests that are made without a sign-in, so that devices behind one address do not use up each
 * other's limits. It is kept nowhere, is another one after a day, and is not sent with anything that has an account.
 */
final class DeviceNumber {
    static final String HEADER = "Domicile-Device-Number";

    private static final Duration KEPT = Duration.ofDays(1);
    private static final int BYTES = 16;

    private final SecureRandom random;
    private String number;
    private Instant until = Instant.EPOCH;

    DeviceNumber(SecureRandom random) {
        this.random = random;
    }

    synchronized String at(Instant now) {
        if (!now.isBefore(until)) {
            byte[] bytes = new byte[BYTES];
            random.nextBytes(bytes);
            number = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            until = now.plus(KEPT);
        }
        return number;
    }
}
