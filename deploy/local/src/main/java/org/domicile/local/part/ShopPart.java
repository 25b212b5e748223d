package org.domicile.local.part;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.Built;
import org.domicile.local.home.PrivateFiles;
import org.domicile.local.process.Launch;

/**
 * An outside system of one region that moves with its accounts: the database of a small shop, and {@code outside-participant} beside it,
 * made from {@code outside-participant/example}.
 */
public final class ShopPart implements Part {
    public static final String ID = "shop";
    public static final String MODULE = "outside-participant";
    private static final String MOVER = "mover";
    private static final int HEAP_MB = 128;

    private final RegionSetup setup;
    private final World world;
    private final Path example;

    public ShopPart(RegionSetup setup, World world) {
        this.setup = setup;
        this.world = world;
        this.example = setup.home().sources().resolve(MODULE).resolve("example");
    }

    /** The shop's own access to its database. */
    public static String url(RegionSetup setup) {
        return "postgresql://" + ID + ":" + PostgresPart.password(setup, ID) + "@" + RegionSetup.LOOPBACK + ":"
                + setup.port(PostgresPart.PART) + "/" + ID;
    }

    @Override
    public String name() {
        return setup.nameOf(ID);
    }

    @Override
    public List<String> needs() {
        return ServicePart.storesAndIssuers(setup);
    }

    @Override
    public List<String> ports() {
        return List.of(setup.portName(ID), setup.portName(ServiceSettings.peer(ID)));
    }

    @Override
    public Launch prepare() {
        open();
        var folder = setup.folder(ID);
        var settings = new ServiceSettings(setup, ID, world);
        var s = settings.common();
        ServiceSettings.database(s, "quarkus.datasource.", setup, ID, MOVER, PostgresPart.password(setup, MOVER));
        s.putAll(PropertiesFile.read(example.resolve("shop.properties")));
        var configuration = PropertiesFile.write(folder.resolve("application.properties"), settings.overridden(s));
        // beside services of whatever kind: an operator of a shop takes what is there
        var jar = new Built(setup.home().sources()).service(MODULE);
        return new Launch(ServicePart.onJvm(HEAP_MB, jar, configuration), Map.of(), folder);
    }

    @Override
    public boolean isReady() throws IOException, InterruptedException {
        return ServicePart.isReady(setup, ID);
    }

    /** The shop's tables; each region numbers its rows in steps of its own. */
    private void open() {
        try {
            try (var server = PostgresPart.connect(setup, "postgres")) {
                PostgresPart.create(setup, server, ID);
                PostgresPart.createRole(setup, server, MOVER);
                execute(server, "grant connect, create on database " + ID + " to " + MOVER);
                execute(server, "grant set on parameter session_replication_role to " + MOVER);
            }
            try (var shop = PostgresPart.connect(setup, ID)) {
                if (!PostgresPart.exists(shop, "pg_tables", "tablename", "customers")) {
                    var first = Integer.toString(setup.all().indexOf(setup.region()) + 1);
                    shop.setAutoCommit(false);
                    execute(shop, "set local role " + ID);
                    execute(shop, PrivateFiles.read(example.resolve("shop.sql")).replace(":first", first));
                    shop.commit();
                }
            }
        } catch (SQLException e) {
            throw new LocalFailure("The database of " + name() + " could not be made: " + e.getMessage(), e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
