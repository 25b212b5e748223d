package org.domicile.account.identity;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.jboss.logging.Logger;

/**
 * Deletes Keycloak users of accounts that were erased or have left: a Keycloak database that was restored brings them back
 * (migration.md rule 14). A user of whom this region knows nothing is let be: the account may be opened just now, or this service's own
 * database may be the one that is behind.
 */
@ApplicationScoped
public class IdentitySweep {
    private static final Logger LOG = Logger.getLogger(IdentitySweep.class);
    private static final int PAGE = 500;

    private final Pool pool;
    private final Identities identities;

    @Inject
    public IdentitySweep(Pool pool, Identities identities) {
        this.pool = pool;
        this.identities = identities;
    }

    /** Once a minute after the start, so that a restart after a restore does it, and daily. */
    @Scheduled(
            every = "${domicile.keycloak.sweep:24h}",
            delayed = "${domicile.keycloak.sweep-delay:60s}",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return sweep().onFailure()
                .invoke(f -> LOG.warnf("identities not swept, will try again reason=%s", f.toString()))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    /** @return how many users were deleted */
    public Uni<Long> sweep() {
        return from(0, 0).invoke(swept -> {
            if (swept > 0) {
                LOG.warnf("users of accounts that are gone deleted count=%d", swept);
            }
        });
    }

    /** What is deleted makes the users behind it come forward by as many. */
    private Uni<Long> from(int first, long swept) {
        return identities
                .page(first, PAGE)
                .flatMap(page -> page.users() == 0
                        ? Uni.createFrom().item(swept)
                        : gone(page.accounts())
                                .flatMap(this::delete)
                                .flatMap(deleted -> from(first + page.users() - deleted, swept + deleted)));
    }

    /** @return how many of them there were still: an account may have come back meanwhile, and has its user under a later epoch */
    private Uni<Integer> delete(List<Gone> users) {
        return Multi.createFrom()
                .iterable(users)
                .onItem()
                .transformToUniAndConcatenate(user -> identities
                        .delete(user.account(), user.epoch())
                        .replaceWith(1)
                        .onFailure(IdentitySweep::cameBack)
                        .recoverWithItem(0))
                .collect()
                .with(Collectors.summingInt(Integer::intValue));
    }

    private static boolean cameBack(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code() == ErrorCode.CONFLICT;
    }

    /** An account that is not here any more, since this epoch. */
    private record Gone(AccountId account, long epoch) {}

    private Uni<List<Gone>> gone(List<AccountId> accounts) {
        return pool.preparedQuery("select id, greatest(f.epoch, e.epoch) as epoch from unnest($1::uuid[]) id"
                        + " left join fence f on f.account_id = id and f.mode = 'NONE' left join lateral"
                        + " (select max(epoch) as epoch from erased where account_hash = sha256(uuid_send(id))"
                        + " and state = 'ERASED') e on true where f.epoch is not null or e.epoch is not null")
                .execute(Tuple.of(
                        (Object) accounts.stream().map(AccountId::value).toArray(UUID[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Gone(new AccountId(row.getUUID("id")), row.getLong("epoch")))
                        .toList());
    }
}
