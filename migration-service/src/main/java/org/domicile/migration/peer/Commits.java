package org.domicile.migration.peer;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * What is to happen at once when a transaction has committed, without another look at the database. A crash in between loses it:
 * whatever is noted here happens later without it, too.
 */
@ApplicationScoped
public class Commits {
    private final Pool pool;
    private final ConcurrentMap<SqlConnection, List<Runnable>> noted = new ConcurrentHashMap<>();

    @Inject
    public Commits(Pool pool) {
        this.pool = pool;
    }

    public <T> Uni<T> transaction(Function<SqlConnection, Uni<T>> work) {
        var used = new AtomicReference<SqlConnection>();
        return pool.withTransaction(connection -> {
                    used.set(connection);
                    noted.put(connection, new ArrayList<>());
                    return work.apply(connection);
                })
                .onFailure()
                .invoke(failure -> taken(used.get()))
                .onItem()
                .invoke(done -> taken(used.get()).forEach(Runnable::run));
    }

    /** Whether the connection's transaction was begun here. */
    public boolean has(SqlConnection connection) {
        return noted.containsKey(connection);
    }

    /** Does nothing for a transaction that was begun elsewhere. */
    public void after(SqlConnection connection, Runnable work) {
        var list = noted.get(connection);
        if (list != null) {
            list.add(work);
        }
    }

    private List<Runnable> taken(SqlConnection connection) {
        var list = connection == null ? null : noted.remove(connection);
        return list == null ? List.of() : list;
    }
}
