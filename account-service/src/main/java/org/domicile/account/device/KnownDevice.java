package org.domicile.account.device;

import java.time.Instant;

/** A device of the account, as its owner sees it. */
public record KnownDevice(String deviceId, String name, String model, boolean appendOnly, Instant createdAt) {
    @Override
    public String toString() {
        return "KnownDevice[redacted]";
    }
}
