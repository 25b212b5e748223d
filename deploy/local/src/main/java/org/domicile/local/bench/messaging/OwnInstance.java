package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.domicile.local.LocalFailure;
import org.domicile.local.bench.ProcessMeter;
import org.domicile.local.home.Home;

/** A further instance of messaging-service, on the region's database and broker, measured apart from the one that runs. */
final class OwnInstance implements AutoCloseable {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final double KILOBYTES_PER_MEBIBYTE = 1_048.576;

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
                "-Xmx1g",
                // of an older JDK than the image's
                "-XX:+IgnoreUnrecognizedVMOptions",
                "@" + home.sources().resolve("deploy/images/messaging-service.options"),
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

    /** In kB (1,000 bytes). @param live objects that are reached */
    record Memory(double resident, double live) {}

    /** What it needs: after its garbage was collected. */
    Memory memory() throws IOException, InterruptedException {
        jcmd("GC.run");
        var resident = new ProcessMeter(peer.pid()).residentMebibytes() * KILOBYTES_PER_MEBIBYTE;
        return new Memory(resident, liveBytes(jcmd("GC.class_histogram")) / 1_000.0);
    }

    /** @param histogram as jcmd prints it, the last line the sum: {@code Total 1234 56789} */
    static long liveBytes(String histogram) {
        var total = histogram.lines().filter(line -> line.startsWith("Total")).findFirst();
        return Long.parseLong(total.orElseThrow(() -> new LocalFailure("jcmd gave no histogram: " + histogram))
                .replaceFirst(".* ", ""));
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var process = new ProcessBuilder(jcmd, Long.toString(peer.pid()), command)
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Override
    public void close() throws InterruptedException {
        peer.close();
    }
}
