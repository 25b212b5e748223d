package org.domicile.account.export;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.law.AccountLaws;
import org.domicile.account.law.MarketLaw;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;

/** Orders archives, and gives them to their owner while they last. */
@ApplicationScoped
public class Exports {
    private final Fence fence;
    private final ExportStore store;
    private final ProfileStore profiles;
    private final AccountLaws laws;
    private final AccountKeys keys;
    private final Clock clock;

    @Inject
    public Exports(
            Fence fence, ExportStore store, ProfileStore profiles, AccountLaws laws, AccountKeys keys, Clock clock) {
        this.fence = fence;
        this.store = store;
        this.profiles = profiles;
        this.laws = laws;
        this.keys = keys;
        this.clock = clock;
    }

    /** Repeatable: one that is being made is the one that is wanted. */
    Uni<Export> order(AccountId account) {
        return fence.write(account, write -> store.latest(write.connection(), account)
                .flatMap(latest -> latest.filter(e -> e.state() == Export.State.ORDERED)
                        .map(open -> Uni.createFrom().item(open))
                        .orElseGet(() -> profiles.market(write.connection(), account)
                                .flatMap(market -> laws.of(write.connection(), account, market))
                                .map(this::ordered)
                                .call(export -> store.add(write, export)))));
    }

    /** @return fails with NOT_FOUND (404) for one that never was, or is no longer */
    Uni<Export> get(AccountId account, UUID id) {
        return store.find(account, id).map(found -> found.orElseThrow(Exports::gone));
    }

    /** The archive's bytes, piece by piece as they are asked for. */
    Uni<Multi<byte[]>> archive(AccountId account, UUID id) {
        return get(account, id).flatMap(export -> {
            if (export.state() != Export.State.READY) {
                throw new ProblemException(
                        ErrorCode.CONFLICT, "The archive is still being made: ask for its state first.");
            }
            return keys.open(account).map(cipher -> Multi.createBy()
                    .repeating()
                    .uni(() -> new int[] {0}, number -> store.piece(account, id, number[0]++))
                    .whilst(Optional::isPresent)
                    .filter(Optional::isPresent)
                    .map(piece -> cipher.unseal(Archive.FIELD, piece.get())));
        });
    }

    private Export ordered(MarketLaw law) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new Export(
                UUID.randomUUID(), Export.State.ORDERED, now, now.plus(law.accessDeadline()), null, null, null);
    }

    private static ProblemException gone() {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no such archive any more: order a new one.");
    }
}
