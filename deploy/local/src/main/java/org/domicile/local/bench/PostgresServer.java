package org.domicile.local.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.domicile.local.StackDescription;

/** A region's PostgreSQL server, with its administrator's login. */
record PostgresServer(String user, String password, String host, String port) {
    static PostgresServer of(StackDescription.Region region) {
        // postgresql://user:password@host:port/name
        var rest = region.postgres().substring(region.postgres().indexOf("://") + 3);
        var login = rest.substring(0, rest.lastIndexOf('@')).split(":", 2);
        var address = rest.substring(rest.lastIndexOf('@') + 1).split("/", 2)[0].split(":", 2);
        return new PostgresServer(login[0], login[1], address[0], address[1]);
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + database, user, password);
    }

    /** {@code psql} on one of its databases, silent but for data and errors. */
    List<String> psql(String database) {
        return List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", port, "-U", user, "-d", database);
    }

    Map<String, String> environment() {
        return Map.of("PGPASSWORD", password);
    }

    @Override
    public String toString() {
        return "PostgresServer[" + host + ":" + port + "]";
    }
}
