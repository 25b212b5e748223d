package org.domicile.account.device;

/** @param secret 64 hexadecimal digits; shown once */
public record DeviceCredential(String deviceId, String secret) {
    @Override
    public String toString() {
        return "DeviceCredential[redacted]";
    }
}
