package org.domicile.platform.law;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceCommand;

/**
 * Markets whose law holds for an account beside its own market's, while it is at two places: from the first copy at the target until the
 * other end's copy is purged. The move's signed commands say which; what they want is read of this region's {@link Policies} when it is
 * needed.
 */
@ApplicationScoped
public class MoveLaws {
    private static final String KEEP = " on conflict (account_id) do update set markets = excluded.markets";
    /** A command that ends the move takes the fence row first: then the row is past the grant's epoch, and nothing is noted any more. */
    private static final String OPEN =
            "insert into move_law (account_id, markets) select account_id, $2::text[] from fence"
                    + " where account_id = $1 and epoch < $3 for key share" + KEEP;

    private final Policies policies;

    @Inject
    public MoveLaws(Policies policies) {
        this.policies = policies;
    }

    /** What the other end's law wants too; empty where no move is on. */
    public Uni<Optional<Policy>> of(SqlClient client, AccountId account) {
        return client.preparedQuery("select markets from move_law where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : of(rows.iterator().next().getArrayOfStrings("markets")));
    }

    /** @param markets as a row of {@code move_law} names them, null for an account that has none */
    public Optional<Policy> of(String... markets) {
        return Optional.ofNullable(markets).map(names -> policies.strictest(List.of(names)));
    }

    /** In the transaction that executes the command. Writes wait for some of them, and these change nothing here. */
    public Uni<Void> ordered(SqlConnection connection, FenceCommand command) {
        var account = command.accountId();
        return switch (command.operation()) {
            case FREEZE, CLOSE -> Uni.createFrom().voidItem();
            case SHADOW, KEEP, FEED -> hold(connection, account, command.laws());
            case ACTIVATE, PURGE ->
                command.laws().isEmpty()
                        ? end(connection, account)
                        : Uni.createFrom().voidItem();
        };
    }

    /** At the home, which no command tells that copying begins: the shadow's SHADOW or FEED command, when it is first shown here. */
    public Uni<Void> opened(SqlConnection connection, FenceCommand grant) {
        return grant.laws().isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery(OPEN)
                        .execute(Tuple.of(grant.accountId().value(), names(grant.laws()), grant.epoch()))
                        .replaceWithVoid();
    }

    private Uni<Void> hold(SqlConnection connection, AccountId account, List<String> markets) {
        return markets.isEmpty()
                ? end(connection, account)
                : connection
                        .preparedQuery("insert into move_law (account_id, markets) values ($1, $2)" + KEEP)
                        .execute(Tuple.of(account.value(), names(markets)))
                        .replaceWithVoid();
    }

    /** In the transaction that ends the account here: a move that an erasure met is over, too. */
    public Uni<Void> end(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("delete from move_law where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    private static String[] names(List<String> markets) {
        return markets.toArray(String[]::new);
    }
}
