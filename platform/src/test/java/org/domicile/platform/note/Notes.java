package org.domicile.platform.note;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.TreeMap;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** Writes notes through the fence, as every service writes. */
@ApplicationScoped
public class Notes {
    private final Fence fence;
    private final Pool pool;

    @Inject
    public Notes(Fence fence, Pool pool) {
        this.fence = fence;
        this.pool = pool;
    }

    /** @return the version that the note was given */
    public Uni<Long> write(AccountId account, String id) {
        return fence.write(account, write -> insert(write, id));
    }

    public Uni<Long> delete(AccountId account, String id) {
        return fence.write(account, write -> write.connection()
                .preparedQuery("delete from note where account_id = $1 and id = $2")
                .execute(Tuple.of(account.value(), id))
                .replaceWith(write.version()));
    }

    public static Uni<Long> insert(FencedWrite write, String id) {
        return write.connection()
                .preparedQuery("insert into note (account_id, id, body, version) values ($1, $2, $3, $4)"
                        + " on conflict (account_id, id) do update set body = excluded.body,"
                        + " version = excluded.version")
                .execute(Tuple.of(
                        write.account().value(),
                        id,
                        new JsonObject().put("text", "ü " + id).put("at", write.version()),
                        write.version()))
                .replaceWith(write.version());
    }

    public static Map<String, Long> stored(Pool pool, AccountId account) {
        var notes = new TreeMap<String, Long>();
        pool.preparedQuery("select id, version from note where account_id = $1")
                .execute(Tuple.of(account.value()))
                .await()
                .indefinitely()
                .forEach(r -> notes.put(r.getString("id"), r.getLong("version")));
        return notes;
    }

    public Map<String, Long> stored(AccountId account) {
        return stored(pool, account);
    }
}
