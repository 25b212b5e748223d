package org.domicile.platform.kms;

import java.util.Map;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.jboss.logging.Logger;

/** What callers are told when the region's keys cannot be used: 503, and no data is lost. */
public final class KmsOutage {
    private static final Logger LOG = Logger.getLogger(KmsOutage.class);
    private static final int RETRY_SECONDS = 30;

    private KmsOutage() {}

    public static ProblemException missing(String key) {
        return unavailable("The region's key \"" + key + "\" is missing: the operator must restore it.");
    }

    /** @param cause for the log alone; callers are told that the store is away */
    static ProblemException away(Throwable cause) {
        var problem = unavailable("The region's key store does not answer: try again in half a minute.");
        problem.addSuppressed(cause);
        LOG.warnf("region key store does not answer reason=%s", cause.toString());
        return problem;
    }

    private static ProblemException unavailable(String detail) {
        return new ProblemException(ErrorCode.UNAVAILABLE, detail, Map.of("retryAfter", RETRY_SECONDS));
    }
}
