package org.domicile.backup.usage;

import jakarta.ws.rs.core.Response;
import org.domicile.platform.fence.EpochHeader;

/** Every answer about an account carries {@link EpochHeader}. */
public final class AnsweredEpochHeader {
    private AnsweredEpochHeader() {}

    public static Response ok(AtEpoch<?> answer) {
        return Response.ok(answer.body())
                .header(EpochHeader.NAME, answer.epoch())
                .build();
    }
}
