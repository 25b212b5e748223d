package org.domicile.platform.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import org.domicile.platform.account.AccountId;

/** A class of data as an owner's export gives it. */
public interface ExportClass {
    /** In kebab case; the name of its file. */
    String name();

    /** Records above a version, in version order, some at a time; of a class without versions all of them, with version 0. */
    Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version);

    /** One that moves as well. @param limit records at a time */
    static ExportClass of(RecordClass recordClass, int limit) {
        return new ExportClass() {
            @Override
            public String name() {
                return recordClass.name();
            }

            @Override
            public Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version) {
                return recordClass.after(connection, account, version, limit);
            }
        };
    }
}
