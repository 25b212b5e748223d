package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.domicile.migration.move.RollbackAnswer;
import org.domicile.migration.move.RollbackOrder;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.peer.PeerClient;

/** Asks the home of accounts to hand them back, and how far that is. */
@ApplicationScoped
public class RollbackClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final PeerClient peers;
    private final WireFormat wire;

    @Inject
    public RollbackClient(PeerClient peers, WireFormat wire) {
        this.peers = peers;
        this.wire = wire;
    }

    /** @return an answer for each; fails with {@link Unanswered} */
    Uni<List<RollbackAnswer>> ask(String home, List<RollbackOrder> orders) {
        var body = new JsonArray(orders.stream().map(wire::write).toList());
        var options = peers.request(HttpMethod.POST, home, "migration", RollbackRoutes.PATH)
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("Content-Type", "application/json");
        return peers.ask(options, body.toBuffer())
                .invoke(PeerClient::accepted)
                .map(answer -> answers(answer.body().toJsonArray()))
                .onFailure()
                .transform(Unanswered::new);
    }

    private List<RollbackAnswer> answers(JsonArray array) {
        return IntStream.range(0, array.size())
                .mapToObj(i -> wire.read(array.getJsonObject(i), RollbackAnswer.class))
                .toList();
    }

    /** The other region could not be asked. */
    static final class Unanswered extends RuntimeException {
        Unanswered(Throwable cause) {
            super(cause);
        }
    }
}
