package org.domicile.account.erasure;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.domicile.account.law.AccountLaws;
import org.domicile.account.law.LegalLog;
import org.domicile.account.law.MarketLaw;
import org.domicile.account.notice.Notice;
import org.domicile.account.notice.NoticeStore;
import org.domicile.account.profile.ProfileStore;
import org.domicile.account.security.SecurityEvent;
import org.domicile.account.security.SecurityEvents;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;

/**
 * The home's part of an erasure: the wish, its grace, and the order. Every step is one transaction that has passed the fence, so a
 * wish that arrives while the account is between two homes waits for the new one, and a crash repeats a step or leaves it undone.
 */
@ApplicationScoped
public class Erasures {
    private final Fence fence;
    private final ErasureStore store;
    private final ProfileStore profiles;
    private final AccountLaws laws;
    private final LegalLog legalLog;
    private final SecurityEvents events;
    private final NoticeStore notices;
    private final Outbox outbox;
    private final Clock clock;

    @Inject
    public Erasures(
            Fence fence,
            ErasureStore store,
            ProfileStore profiles,
            AccountLaws laws,
            LegalLog legalLog,
            SecurityEvents events,
            NoticeStore notices,
            Outbox outbox,
            Clock clock) {
        this.fence = fence;
        this.store = store;
        this.profiles = profiles;
        this.laws = laws;
        this.legalLog = legalLog;
        this.events = events;
        this.notices = notices;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * What anybody who has an erasure's id may know.
     *
     * @param state SCHEDULED, CANCELLED, ORDERED or ERASED
     * @param heldSince since when an erasure that was ordered cannot begin; null if nothing holds it
     * @param erasedAt null until every service of every region has confirmed
     */
    public record Status(
            UUID erasureId, String state, Instant requestedAt, Instant deadline, Instant heldSince, Instant erasedAt) {}

    /** Repeatable: an erasure that is under way stays the one it is. */
    public Uni<Erasure> request(AccountId account) {
        return fence.write(account, this::request);
    }

    /** The same, as part of a write. */
    public Uni<Erasure> request(FencedWrite write) {
        return store.find(write.connection(), write.account())
                .flatMap(known -> profiles.market(write.connection(), write.account())
                        .flatMap(market -> laws.of(write.connection(), write.account(), market))
                        .flatMap(law -> ask(write, known, law)));
    }

    /** Takes this erasure back if it still can be; else does nothing. */
    public Uni<Void> takeBack(FencedWrite write, UUID id) {
        return store.find(write.connection(), write.account()).flatMap(known -> known.filter(e -> e.id().equals(id))
                .flatMap(Erasure::takenBack)
                .map(cancelled -> store.put(write, cancelled).flatMap(v -> log(write, LegalLog.ERASURE_CANCELLED)))
                .orElse(Uni.createFrom().voidItem()));
    }

    /** @return fails with CONFLICT (409) if there is nothing that can be taken back */
    public Uni<Erasure> cancel(AccountId account) {
        return fence.write(account, write -> store.find(write.connection(), account)
                .map(known -> known.flatMap(Erasure::takenBack)
                        .orElseThrow(() -> new ProblemException(
                                ErrorCode.CONFLICT, "There is no erasure that can still be taken back.")))
                .call(cancelled -> store.put(write, cancelled))
                .call(cancelled -> log(write, LegalLog.ERASURE_CANCELLED))
                .call(cancelled -> events.add(write, SecurityEvent.Kind.ERASURE_CANCELLED)));
    }

    public Uni<Optional<Erasure>> of(AccountId account) {
        return store.find(account);
    }

    public Uni<Status> status(UUID id) {
        return store.status(id)
                .map(status -> status.orElseThrow(
                        () -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such erasure in this region.")));
    }

    /** Something holds an erasure that was ordered: the owner is told, once. Repeatable. */
    Uni<Void> delayed(AccountId account, UUID id, Instant since) {
        return fence.write(account, write -> store.held(write, id, since)
                .flatMap(news -> news
                        ? notices.add(write, Notice.erasureDelayed(since))
                        : Uni.createFrom().voidItem()));
    }

    /** Orders an erasure whose grace is over, or says again that it was ordered. */
    Uni<Void> order(AccountId account) {
        return fence.write(account, write -> store.find(write.connection(), account)
                .flatMap(known -> known.flatMap(erasure -> erasure.due(clock.instant()))
                        .map(due -> known.get().equals(due) ? say(write.connection(), account, due) : order(write, due))
                        .orElse(Uni.createFrom().voidItem())));
    }

    private Uni<Erasure> ask(FencedWrite write, Optional<Erasure> known, MarketLaw law) {
        var erasure = Erasure.asked(known, law, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        return known.filter(erasure::equals).isPresent() ? Uni.createFrom().item(erasure) : begin(write, law, erasure);
    }

    private Uni<Erasure> begin(FencedWrite write, MarketLaw law, Erasure erasure) {
        return (erasure.state() == ErasureState.ORDERED ? order(write, erasure) : store.put(write, erasure))
                .flatMap(v -> legalLog.add(write.connection(), write.account(), law.id(), LegalLog.ERASURE_REQUESTED))
                .flatMap(v -> events.add(write, SecurityEvent.Kind.ERASURE_REQUESTED))
                .replaceWith(erasure);
    }

    private Uni<Void> order(FencedWrite write, Erasure erasure) {
        return store.put(write, erasure).flatMap(v -> say(write.connection(), write.account(), erasure));
    }

    private Uni<Void> say(SqlConnection connection, AccountId account, Erasure erasure) {
        var data = new JsonObject()
                .put("accountId", account.toString())
                .put("erasureId", erasure.id().toString())
                .put("requestedAt", erasure.requestedAt().toString())
                .put("deadline", erasure.deadline().toString());
        return outbox.add(connection, new OutboxEvent(Topics.ACCOUNT_EVENTS, account, Topics.ERASURE_ORDERED, data))
                .flatMap(v -> store.said(connection, account, clock.instant()));
    }

    private Uni<Void> log(FencedWrite write, String event) {
        return profiles.market(write.connection(), write.account())
                .flatMap(market -> legalLog.add(write.connection(), write.account(), market, event));
    }
}
