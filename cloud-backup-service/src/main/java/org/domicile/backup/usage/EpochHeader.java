package org.domicile.backup.usage;

import jakarta.ws.rs.core.Response;

/** {@code Domicile-Epoch}: every answer about an account carries it, so that a client can ignore an older one. */
public final class EpochHeader {
    private static final String NAME = "Domicile-Epoch";

    private EpochHeader() {}

    public static Response ok(AtEpoch<?> answer) {
        return Response.ok(answer.body()).header(NAME, answer.epoch()).build();
    }
}
