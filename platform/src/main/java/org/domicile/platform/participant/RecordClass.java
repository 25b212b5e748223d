package org.domicile.platform.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** One class of data that moves with an account. {@link TableRecordClass} serves a plain table. */
public interface RecordClass {
    /** The class's name in digests and receipts, such as {@code devices}. */
    String name();

    /** Whether records carry the account's versions; one that does not is copied whole at every pass and again at the close. */
    default boolean versioned() {
        return true;
    }

    /**
     * Records above a version, in version order, about {@code limit} of them and never a part of those of one version; all
     * records where the class is not versioned.
     */
    Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version, int limit);

    /** Key → version of every record. */
    Uni<Map<String, Long>> versions(SqlConnection connection, AccountId account);

    /** How many records there are. */
    default Uni<Long> count(SqlConnection connection, AccountId account) {
        return versions(connection, account).map(versions -> (long) versions.size());
    }

    /**
     * Before the manifest is made at the frozen source, and compared at its shadow: lets what is kept outside this database change no
     * more, and reads it. Only for a class without versions. Repeatable.
     *
     * @param epoch at which the source is frozen, or is about to be; requests that were sent under an earlier one change nothing any more
     */
    default Uni<List<DataRecord>> seal(SqlConnection connection, AccountId account, long epoch) {
        return after(connection, account, -1, Integer.MAX_VALUE);
    }

    Uni<List<DataRecord>> byKeys(SqlConnection connection, AccountId account, Collection<String> keys);

    /**
     * Called at the target, outside any transaction, before {@link #apply}: fetches what the records refer to.
     *
     * @return bytes of the objects that are here now, those fetched before included
     */
    default Uni<Long> fetch(AccountId account, List<DataRecord> records, ObjectSource source) {
        return Uni.createFrom().item(0L);
    }

    /** Writes records at the target, each only if its version is above the one that is there. */
    Uni<Void> apply(SqlConnection connection, AccountId account, List<DataRecord> records);

    Uni<Void> remove(SqlConnection connection, AccountId account, Collection<String> keys);

    /** Deletes everything of the account, what the records refer to as well. Repeatable. */
    Uni<Void> purge(AccountId account);

    /** Looks, by enumeration, for what is left of the account: rows and objects. */
    Uni<Remains> remains(AccountId account);

    /** Streams the object that a record refers to, at the source, to the target. */
    default void serveObject(RoutingContext context, AccountId account, String key) {
        context.fail(new ProblemException(ErrorCode.NOT_FOUND, "This class of data has no objects."));
    }

    /** What an enumeration found. */
    record Remains(long rows, long objects) {
        public static final Remains NOTHING = new Remains(0, 0);

        public Remains plus(Remains other) {
            return new Remains(rows + other.rows, objects + other.objects);
        }
    }
}
