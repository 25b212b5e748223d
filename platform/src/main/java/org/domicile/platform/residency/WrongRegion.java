package org.domicile.platform.residency;

import java.net.URI;
import java.util.Map;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** The 421 (RFC 9110 section 15.5.20) that tells an SDK, or a relay, where the same service of the account's home is. */
public final class WrongRegion extends ProblemException {
    private final transient Residency residency;

    WrongRegion(Residency residency, URI location) {
        super(
                ErrorCode.WRONG_REGION,
                "Send the request to the account's home region, " + residency.home() + ".",
                Map.of("homeRegion", residency.home(), "location", location.toString(), "epoch", residency.epoch()));
        this.residency = residency;
    }

    public Residency residency() {
        return residency;
    }
}
