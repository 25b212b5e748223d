package org.domicile.local.bench.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.domicile.local.bench.ProcessMeter;
import org.domicile.local.bench.messaging.Peer;
import org.domicile.local.home.Home;

/**
 * A further instance of account-service with the configuration of the one that runs, but with an issuer that the benchmark is, and
 * without the consumers, which stay with the one that runs.
 */
final class OwnInstance implements AutoCloseable {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String HEAP = "-Xmx512m";
    /** As account-service's own configuration has it for its keys. */
    private static final String POOL = "16";

    private static final List<String> CONSUMERS =
            List.of("residency-directory", "account-opened", "residency-commands", "erasure-delayed");

    private final Peer peer;
    private final int port;
    private final Properties settings;

    private OwnInstance(Peer peer, int port, Properties settings) {
        this.peer = peer;
        this.port = port;
        this.settings = settings;
    }

    /** @param database of the region's server; the service makes its tables */
    static OwnInstance start(Home home, String region, Path folder, LocalIssuer issuer, String database)
            throws IOException, InterruptedException {
        var port = Peer.freePort();
        var settings = settings(home, region);
        settings.setProperty("quarkus.http.ssl-port", Integer.toString(port));
        settings.setProperty("domicile.peer.port", Integer.toString(Peer.freePort()));
        settings.setProperty("quarkus.oidc.auth-server-url", issuer.url());
        settings.setProperty(
                "domicile.codes.directory",
                Files.createDirectories(folder.resolve("codes")).toString());
        CONSUMERS.forEach(name -> settings.setProperty("mp.messaging.incoming." + name + ".enabled", "false"));
        for (var url : List.of("reactive.url", "jdbc.url")) {
            named(settings, "quarkus.datasource." + url, database);
            named(settings, "quarkus.datasource.keys." + url, SeededAccounts.keysOf(database));
        }
        var file = store(settings, folder, "account.properties");
        var peer = Peer.start(
                folder,
                port,
                Map.of(),
                JAVA,
                "-XX:+UseSerialGC",
                HEAP,
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "--enable-native-access=ALL-UNNAMED",
                "-Dquarkus.config.locations=" + file,
                "-jar",
                quarkus(home).resolve("quarkus-run.jar").toString());
        return new OwnInstance(peer, port, settings);
    }

    private static void named(Properties settings, String url, String database) {
        settings.setProperty(url, settings.getProperty(url).replaceFirst("/[^/]*$", "/" + database));
    }

    /** The bare route beside it: the same certificate, databases and pools. */
    Peer bareRoute(Home home, Path folder, LocalIssuer issuer, int barePort) throws IOException, InterruptedException {
        var bare = new Properties();
        bare.setProperty("port", Integer.toString(barePort));
        bare.setProperty("cert", settings.getProperty("quarkus.tls.key-store.pem.0.cert"));
        bare.setProperty("key", settings.getProperty("quarkus.tls.key-store.pem.0.key"));
        bare.setProperty("issuer", issuer.url());
        bare.setProperty("jwks", issuer.jwks());
        database(bare, "db.", "quarkus.datasource.");
        database(bare, "keys.", "quarkus.datasource.keys.");
        Files.createDirectories(folder);
        return Peer.start(
                folder, barePort, Map.of(), command(home, HEAP, "BareRoute", store(bare, folder, "bare.properties")));
    }

    private void database(Properties bare, String of, String source) {
        var address =
                settings.getProperty(source + "reactive.url").split("//")[1].split("[:/]");
        bare.setProperty(of + "host", address[0]);
        bare.setProperty(of + "port", address[1]);
        bare.setProperty(of + "name", address[2]);
        bare.setProperty(of + "user", settings.getProperty(source + "username"));
        bare.setProperty(of + "password", settings.getProperty(source + "password"));
        bare.setProperty(of + "pool", settings.getProperty(source + "reactive.max-size", POOL));
    }

    /**
     * A program of the benchmark with the class path of account-service.
     *
     * @param main its class in this package; by name, as this process has not what it is made of
     */
    static String[] command(Home home, String heap, String main, Path argument) {
        var own = Path.of(OwnInstance.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        return new String[] {
            JAVA,
            "-XX:+UseSerialGC",
            heap,
            "-cp",
            own + ":" + quarkus(home).resolve("lib/main") + "/*:"
                    + quarkus(home).resolve("lib/boot") + "/*",
            OwnInstance.class.getPackageName() + "." + main,
            argument.toString()
        };
    }

    static Path store(Properties settings, Path folder, String name) throws IOException {
        var file = Files.createDirectories(folder).resolve(name);
        try (var out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        return file;
    }

    String url() {
        return "https://localhost:" + port;
    }

    long pid() {
        return peer.pid();
    }

    Path keys() {
        return Path.of(settings.getProperty("domicile.kms.local.file"));
    }

    /** Resident, MiB, of what it needs: after its garbage was collected. */
    double memory() throws IOException, InterruptedException {
        return memory(pid());
    }

    static double memory(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        return new ProcessMeter(pid).residentMebibytes();
    }

    static void jcmd(long pid, String... command) throws IOException, InterruptedException {
        var all = new java.util.ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        all.addAll(List.of(command));
        new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        try {
            peer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path quarkus(Home home) {
        return home.sources().resolve("account-service/target/quarkus-app");
    }

    private static Properties settings(Home home, String region) {
        var settings = new Properties();
        try (var in = Files.newInputStream(home.folderOf(region, "account").resolve("application.properties"))) {
            settings.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }
}
