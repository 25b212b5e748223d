package org.domicile.platform.note;

import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.platform.participant.Participant;
import org.domicile.platform.participant.RecordClass;
import org.domicile.platform.participant.TableRecordClass;

/** Notes move with their account. */
@ApplicationScoped
public class NoteParticipant implements Participant {
    private final List<RecordClass> classes;

    @Inject
    public NoteParticipant(Pool pool) {
        this.classes = List.of(new TableRecordClass(pool, "notes", "note", List.of("id"), List.of()));
    }

    @Override
    public List<RecordClass> classes() {
        return classes;
    }
}
