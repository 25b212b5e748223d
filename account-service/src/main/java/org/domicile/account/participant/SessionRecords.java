package org.domicile.account.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import org.domicile.account.identity.Identities;
import org.domicile.account.identity.IdentitySession;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.ExportClass;

/** Where the owner is signed in, as Keycloak keeps it. A move ends all sessions. */
final class SessionRecords implements ExportClass {
    private static final long NO_VERSION = 0;

    private final Identities identities;

    SessionRecords(Identities identities) {
        this.identities = identities;
    }

    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version) {
        return identities
                .sessions(account)
                .map(sessions -> sessions.stream().map(SessionRecords::record).toList());
    }

    private static DataRecord record(IdentitySession session) {
        return new DataRecord(session.id(), NO_VERSION, JsonObject.mapFrom(session));
    }
}
