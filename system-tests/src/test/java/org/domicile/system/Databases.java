package org.domicile.system;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
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
}
