package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.domicile.local.home.Home;

/** A further instance of messaging-service, on the region's database and broker, measured apart from the one that runs. */
final class OwnInstance implements AutoCloseable {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Peer peer;
    private final int plain;
    private final int tls;

    private OwnInstance(Peer peer, int plain, int tls) {
        this.peer = peer;
        this.plain = plain;
        this.tls = tls;
    }

    static OwnInstance start(Home home, String region, Path folder) throws IOException, InterruptedException {
        int plain = Peer.freePort();
        int tls = Peer.freePort();
        var settings = settings(home, region);
        settings.setProperty("quarkus.http.insecure-requests", "enabled");
        settings.setProperty("quarkus.http.port", Integer.toString(plain));
        settings.setProperty("quarkus.http.ssl-port", Integer.toString(tls));
        settings.setProperty("domicile.peer.port", Integer.toString(Peer.freePort()));
        settings.setProperty("domicile.messaging.backlog", "100000");
        var file = Files.createDirectories(folder).resolve("application.properties");
        try (var out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        var peer = Peer.start(
                folder,
                tls,
                Map.of(),
                JAVA,
                "-XX:+UseSerialGC",
                "-Xms96m",
                // the young generation stays as it is, so that what is resident grows with what lives only
                "-Xmn48m",
                "-Xmx1g",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=20",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+UseCompactObjectHeaders",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "--enable-native-access=ALL-UNNAMED",
                "-Dquarkus.config.locations=" + file,
                "-jar",
                home.sources()
                        .resolve("messaging-service/target/quarkus-app/quarkus-run.jar")
                        .toString());
        return new OwnInstance(peer, plain, tls);
    }

    /** Those of the instance that runs: what is asked for differently goes into a file of its own, for a system property does not win over one. */
    private static Properties settings(Home home, String region) throws IOException {
        var settings = new Properties();
        try (var in = Files.newInputStream(home.folderOf(region, "messaging").resolve("application.properties"))) {
            settings.load(in);
        }
        return settings;
    }

    /** For a proxy that ends TLS. */
    int plain() {
        return plain;
    }

    int tls() {
        return tls;
    }

    long pid() {
        return peer.pid();
    }

    /** Collects its garbage, so that what is resident is what it needs. */
    void collect() throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        new ProcessBuilder(jcmd, Long.toString(pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        peer.close();
    }
}
