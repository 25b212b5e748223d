package org.domicile.migration.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.domicile.migration.command.SigningKey;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;

/** Makes the signed statement "the home is R at epoch n" and publishes it. It names no URL and nothing personal. */
@ApplicationScoped
public class DirectoryPublisher {
    private final SigningKey key;
    private final Outbox outbox;
    private final Clock clock;

    @Inject
    public DirectoryPublisher(SigningKey key, Outbox outbox, Clock clock) {
        this.key = key;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** @param from the home of the epoch before, which must be this region: others believe no other signature */
    public String sign(AccountId account, String from, String home, long epoch) {
        return key.sign(new JsonObject()
                .put("accountId", account.toString())
                .put("home", home)
                .put("epoch", epoch)
                .put("from", from)
                .put("at", clock.instant().toString()));
    }

    public Uni<Void> publish(SqlConnection connection, AccountId account, String jws) {
        return outbox.add(
                connection,
                new OutboxEvent(
                        Topics.RESIDENCY_DIRECTORY, account, Topics.RESIDENCY_V1, new JsonObject().put("jws", jws)));
    }
}
