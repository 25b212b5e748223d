package org.domicile.account.device;

/** @param secret 43 characters of base64url; shown once */
public record DeviceCredential(String deviceId, String secret) {
    @Override
    public String toString() {
        return "DeviceCredential[redacted]";
    }
}
