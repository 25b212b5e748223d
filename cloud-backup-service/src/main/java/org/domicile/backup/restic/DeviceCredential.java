package org.domicile.backup.restic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** A device's id and secret, sent as HTTP Basic (RFC 7617). */
public record DeviceCredential(DeviceId id, String secret) {
    private static final String SCHEME = "basic ";

    /** @throws ProblemException UNAUTHORIZED if there is none that could be right */
    public static DeviceCredential parse(String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refused();
        }
        try {
            var text = new String(
                    Base64.getDecoder().decode(header.substring(SCHEME.length()).strip()), UTF_8);
            var colon = text.indexOf(':');
            if (colon < 0) {
                throw refused();
            }
            return new DeviceCredential(DeviceId.parse(text.substring(0, colon)), text.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            throw refused();
        }
    }

    private static ProblemException refused() {
        return new ProblemException(
                ErrorCode.UNAUTHORIZED, "Send the id of a device as user name and its secret as password.");
    }

    @Override
    public String toString() {
        return id + ":***";
    }
}
