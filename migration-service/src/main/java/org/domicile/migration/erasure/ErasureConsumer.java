package org.domicile.migration.erasure;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.erasure.ErasureCoordinator.Wish;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveCoordinator;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.erasure.ErasureEntry;
import org.domicile.platform.erasure.ErasureEntry.State;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Consumption;
import org.domicile.platform.event.Topics;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.domicile.platform.region.Regions;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Erasures that this region's account-service orders, and those that another region has completed. */
@ApplicationScoped
public class ErasureConsumer {
    private final Pool pool;
    private final Regions regions;
    private final MoveCoordinator moves;
    private final ErasureCoordinator erasures;
    private final ErasureStore store;
    private final DirectoryStore directory;
    private final Outbox outbox;

    @Inject
    public ErasureConsumer(
            Pool pool,
            Regions regions,
            MoveCoordinator moves,
            ErasureCoordinator erasures,
            ErasureStore store,
            DirectoryStore directory,
            Outbox outbox) {
        this.pool = pool;
        this.regions = regions;
        this.moves = moves;
        this.erasures = erasures;
        this.store = store;
        this.directory = directory;
        this.outbox = outbox;
    }

    @Incoming("erasure-ordered")
    public Uni<Void> onAccountEvent(ConsumerRecord<String, String> record) {
        return Consumption.of(
                record,
                event -> event.type().equals(Topics.ERASURE_ORDERED)
                        ? moves.transaction(c -> ordered(c, wish(event.data())))
                        : Uni.createFrom().voidItem());
    }

    /** It is said again; until every region has answered a restored directory, the account may live elsewhere. */
    private Uni<List<Move>> ordered(SqlConnection connection, Wish wish) {
        return directory
                .awaitsAnswers(connection)
                .flatMap(awaits -> awaits ? Uni.createFrom().item(List.of()) : erasures.erase(connection, wish));
    }

    /**
     * Once it is over, this region forgets the account too; only its home may say so. What this region said itself is news only to a
     * restored database, which has the account again.
     */
    @Incoming("erasure-list")
    public Uni<Void> onErasure(ConsumerRecord<String, String> record) {
        return Consumption.of(record, event -> {
            var entry = verified(event);
            return entry.state() == State.ERASED
                    ? forget(entry, known -> known.home().equals(entry.region()))
                    : regions.isSelf(entry.region())
                            ? again(entry)
                            : Uni.createFrom().voidItem();
        });
    }

    /**
     * The same, of an erasure that is over: whatever else a restored database hears of such an account means nothing then. Another region
     * is believed if the account was at home here when the backup was taken, and the erasure is of a later epoch: nobody may be left who
     * remembers that it took the account.
     */
    public Uni<Void> restored(CloudEvent event) {
        var entry = verified(event);
        return entry.state() == State.ERASED
                ? forget(
                        entry,
                        known -> known.home().equals(entry.region())
                                || regions.isSelf(known.home()) && known.epoch() < entry.epoch())
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> again(ErasureEntry entry) {
        return moves.transaction(c -> store.known(c, entry)
                .flatMap(known -> known.isEmpty()
                        ? Uni.createFrom().item(List.of())
                        : erasures.erase(
                                c,
                                new Wish(
                                        known.get().account(),
                                        entry.erasureId(),
                                        entry.requestedAt(),
                                        entry.deadline()))));
    }

    private Uni<Void> forget(ErasureEntry entry, Predicate<ErasureStore.Known> mayErase) {
        return pool.withTransaction(c -> store.known(c, entry).flatMap(known -> {
            if (known.isEmpty()) {
                return store.put(c, entry);
            }
            return mayErase.test(known.get())
                    ? forget(c, entry, known.get().account())
                    : Uni.createFrom()
                            .failure(new InvalidSignature(
                                    "an erasure of " + known.get().account() + " is signed by " + entry.region()
                                            + ", not by its home " + known.get().home()));
        }));
    }

    /** What was published of it when it lived here is deleted too: nobody else writes to this region's topics. */
    private Uni<Void> forget(SqlConnection connection, ErasureEntry entry, AccountId account) {
        return store.put(connection, entry)
                .chain(() -> outbox.add(connection, OutboxEvent.deleted(Topics.RESIDENCY_DIRECTORY, account)))
                .chain(() -> store.forget(connection, account));
    }

    private ErasureEntry verified(CloudEvent event) {
        var jws = event.data().getString("jws");
        var entry = ErasureEntry.of(regions.verify(jws));
        if (!entry.region().equals(SignedDocument.claimedKeyId(jws))) {
            throw new InvalidSignature("an entry of " + entry.region() + " is signed by another region");
        }
        return entry;
    }

    private static Wish wish(JsonObject data) {
        return new Wish(
                AccountId.parse(data.getString("accountId")),
                UUID.fromString(data.getString("erasureId")),
                Instant.parse(data.getString("requestedAt")),
                Instant.parse(data.getString("deadline")));
    }
}
