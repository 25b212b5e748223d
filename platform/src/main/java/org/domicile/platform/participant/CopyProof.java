package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.SourceClient.Hello;
import org.domicile.platform.participant.TaskRunner.Next;
import org.domicile.platform.verify.Comparison.Rule;
import org.domicile.platform.verify.Verification;
import org.domicile.platform.verify.Verification.Differing;
import org.jboss.logging.Logger;

/**
 * A copy is caught up only when the verifier agrees. What it finds wrong is brought again, a few times; a copy that is wrong still is
 * told with its keys, and the move is quarantined.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class CopyProof {
    private static final Logger LOG = Logger.getLogger(CopyProof.class);
    private static final int ATTEMPTS = 3;
    private static final int BATCH = 500;
    private static final Next LATER = Next.in(Duration.ofMillis(200));
    /** The home's migration-service ends the move, or holds the purge. */
    private static final Next GIVEN_UP = Next.in(Duration.ofMinutes(1));

    private final Pool pool;
    private final TransferStore transfers;
    private final Acks acks;
    private final Participant participant;
    private final Shadow shadow;
    private final Verifier verifier;

    @Inject
    CopyProof(
            Pool pool, TransferStore transfers, Acks acks, Participant participant, Shadow shadow, Verifier verifier) {
        this.pool = pool;
        this.transfers = transfers;
        this.acks = acks;
        this.participant = participant;
        this.shadow = shadow;
        this.verifier = verifier;
    }

    /**
     * After a pass that has caught up.
     *
     * @param before the source when the pass began: everything up to its version must be here
     */
    Uni<Next> prove(
            AccountId account, Transfer transfer, Hello before, SourceClient source, CopyMeter meter, long behind) {
        return verifier.compare(account, transfer.macKey(), before.counter(), Rule.LIVE, source)
                .flatMap(result -> result.equal()
                        ? tell(account, transfer, meter, behind, result.verification())
                                .replaceWith(LATER)
                        : wrong(account, transfer, source, meter, behind, result));
    }

    private Uni<Next> wrong(
            AccountId account,
            Transfer transfer,
            SourceClient source,
            CopyMeter meter,
            long behind,
            Verifier.Result result) {
        LOG.warnf(
                "copy not equal account=%s count=%d",
                account, result.verification().count());
        return transfers
                .unequal(account)
                .flatMap(times -> times < ATTEMPTS
                        ? transfers
                                .read(pool, account)
                                .flatMap(now -> mend(account, now, source, result))
                                .replaceWith(Next.NOW)
                        : tell(account, transfer, meter, behind, result.verification())
                                .replaceWith(GIVEN_UP));
    }

    /** Drops what is wrong here and brings it again. */
    private Uni<Void> mend(AccountId account, Transfer transfer, SourceClient source, Verifier.Result result) {
        return Multi.createFrom()
                .iterable(participant.classes())
                .filter(of -> result.differing().containsKey(of.name()))
                .onItem()
                .transformToUniAndConcatenate(of -> mend(
                                account,
                                transfer,
                                source,
                                of,
                                result.differing().get(of.name()))
                        .replaceWith(of))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> mend(
            AccountId account, Transfer transfer, SourceClient source, RecordClass of, List<Differing> wrong) {
        return Multi.createFrom()
                .iterable(wrong)
                .map(Differing::key)
                .group()
                .intoLists()
                .of(BATCH)
                .onItem()
                .transformToUniAndConcatenate(keys -> shadow.drop(account, transfer, of, keys)
                        .flatMap(v -> source.recordsOf(of.name(), keys))
                        .flatMap(records -> records.isEmpty()
                                ? Uni.createFrom().item(0L)
                                : shadow.fetchAndStore(
                                        account, transfer, of, records, transfer.cursor(of.name()), source)))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> tell(AccountId account, Transfer transfer, CopyMeter meter, long behind, Verification found) {
        return pool.withTransaction(c -> shadow.row(c, account, transfer).flatMap(row -> transfers
                .read(c, account)
                .flatMap(t -> acks.verified(c, account, row, meter.progress(t.records(), t.bytes(), behind), found))));
    }

    /** A copy that was kept as it was sealed: what the home still has of it must be the same. */
    Uni<Void> check(AccountId account, Transfer transfer, SourceClient home) {
        return home.key()
                .flatMap(hello -> pool.withTransaction(c -> shadow.row(c, account, transfer))
                        .flatMap(row -> verifier.compare(account, hello.macKey(), row.version(), Rule.LIVE, home)))
                .flatMap(result -> pool.withTransaction(c -> shadow.row(c, account, transfer)
                        .flatMap(row -> acks.checked(c, account, row, result.verification()))
                        .flatMap(v -> transfers.task(c, account, null))));
    }
}
