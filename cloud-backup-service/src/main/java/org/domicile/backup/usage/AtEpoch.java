package org.domicile.backup.usage;

import jakarta.ws.rs.core.Response;
import org.domicile.platform.fence.EpochHeader;

/**
 * An answer about an account.
 *
 * @param epoch of the account's fence row here
 */
public record AtEpoch<T>(T body, long epoch) {
    /** 200, with the epoch. */
    public Response ok() {
        return Response.ok(body).header(EpochHeader.NAME, epoch).build();
    }
}
