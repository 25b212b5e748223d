package org.domicile.client.sdk;

/** A password, a token or a device's secret. {@link #toString()} does not show it. */
public record Secret(String reveal) {
    public Secret {
        if (reveal == null || reveal.isEmpty()) {
            throw new IllegalArgumentException("A secret cannot be empty");
        }
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
