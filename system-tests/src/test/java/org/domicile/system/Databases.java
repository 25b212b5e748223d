package org.domicile.system;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.domicile.local.StackDescription;

/** The databases of a region, for their administrator. */
final class Databases {
    private Databases() {}

    /** Where a participant's fence is: beside an outside system's own tables, or among ours. */
    static String schema(String participant) {
        return participant.equals("shop") ? "domicile" : "public";
    }

    static Connection connect(StackDescription.Region region, String database) throws SQLException {
        // postgresql://user:password@host:port/name
        var rest = region.postgres().substring(region.postgres().indexOf("://") + 3);
        var login = rest.substring(0, rest.lastIndexOf('@')).split(":", 2);
        var server = rest.substring(rest.lastIndexOf('@') + 1).split("/", 2)[0];
        return DriverManager.getConnection("jdbc:postgresql://" + server + "/" + database, login[0], login[1]);
    }

    /** Whether the region's migration-service knows of the account's erasure, which may be over. */
    static boolean knowsErasure(StackDescription.Region region, UUID account) throws SQLException {
        try (var connection = connect(region, "migration");
                var statement =
                        connection.prepareStatement("select from erasure where account_hash = sha256(uuid_send(?))")) {
            statement.setObject(1, account);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }
}
