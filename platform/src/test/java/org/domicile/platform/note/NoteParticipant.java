package org.domicile.platform.note;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.MoveBlocked;
import org.domicile.platform.participant.Participant;
import org.domicile.platform.participant.RecordClass;
import org.domicile.platform.participant.TableRecordClass;
import org.domicile.platform.verify.InventoryClass;
import org.domicile.platform.verify.TableInventory;

/** Notes move with their account. */
@ApplicationScoped
public class NoteParticipant implements Participant {
    /** A note that only one account of a region can have. */
    public static final String UNIQUE = "unique";
    /** A note that this copier, which is not perfect, never writes as it came. */
    public static final String SPOILT = "spoilt";
    /** The same, the first time only. */
    public static final String SPOILT_ONCE = "once";

    private final List<RecordClass> classes;

    @Inject
    public NoteParticipant(Pool pool) {
        this.classes = List.of(new NoteRecords(pool));
    }

    @Override
    public List<RecordClass> classes() {
        return classes;
    }

    @Override
    public List<InventoryClass> inventory() {
        return List.of(new TableInventory("notes", "note"));
    }

    /** Notes; one with this id is not taken while another account has it. */
    private static final class NoteRecords extends TableRecordClass {
        private final Set<String> once = ConcurrentHashMap.newKeySet();

        NoteRecords(Pool pool) {
            super(pool, "notes", "note", List.of("id"), List.of());
        }

        @Override
        public Uni<Void> apply(SqlConnection connection, AccountId account, List<DataRecord> records) {
            return applied(
                    connection, account, records.stream().map(this::spoilt).toList());
        }

        private DataRecord spoilt(DataRecord record) {
            var spoils =
                    record.key().contains(SPOILT) && (!record.key().contains(SPOILT_ONCE) || once.add(record.key()));
            return spoils
                    ? new DataRecord(
                            record.key(),
                            record.version(),
                            record.data().copy().put("body", new JsonObject().put("spoilt", true)))
                    : record;
        }

        private Uni<Void> applied(SqlConnection connection, AccountId account, List<DataRecord> records) {
            return records.stream().noneMatch(record -> record.key().contains(UNIQUE))
                    ? super.apply(connection, account, records)
                    : connection
                            .preparedQuery("select from note where account_id <> $1 and id = $2")
                            .execute(Tuple.of(account.value(), UNIQUE))
                            .flatMap(others -> others.size() > 0
                                    ? Uni.createFrom().failure(new MoveBlocked("Another account has this note."))
                                    : super.apply(connection, account, records));
        }
    }
}
