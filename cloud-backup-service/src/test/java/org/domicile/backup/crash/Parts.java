package org.domicile.backup.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.device.Devices;
import org.domicile.platform.testing.FreePorts;
import org.domicile.platform.testing.PlatformResource;

/** The packaged service, its store and its database, each in processes of their own. */
final class Parts implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final PostgresProcess postgres;
    final JavaProcess store;
    JavaProcess service;

    private final Path folder;
    private final Path objects;
    private final int port = FreePorts.next();
    private final Map<String, String> settings = new HashMap<>();
    private final AccountId account = AccountId.create();
    private final DeviceId device = DeviceId.create(account, RANDOM);
    private final String secret = Devices.newSecret(RANDOM);

    Parts(Path folder) throws Exception {
        this.folder = folder;
        this.objects = Files.createDirectories(folder.resolve("objects"));
        int databasePort = FreePorts.next();
        int storePort = FreePorts.next();
        this.postgres = new PostgresProcess(folder.resolve("postgres"), databasePort);
        this.store = new JavaProcess(
                folder.resolve("store.log"),
                () -> connects(storePort),
                S3ProxyResource.arguments(folder, objects, storePort));
        settings.putAll(platform());
        settings.putAll(S3ProxyResource.settings(storePort));
        settings.put("quarkus.http.host", "127.0.0.1");
        settings.put("quarkus.http.port", Integer.toString(port));
        // both fixed: with one of them 0, the servers' metrics differ in their tags, and the start never ends
        settings.put("domicile.peer.port", Integer.toString(FreePorts.next()));
        settings.put("quarkus.datasource.reactive.url", "postgresql://127.0.0.1:" + databasePort + "/postgres");
        settings.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres");
        this.service = service(Map.of());
    }

    private static Map<String, String> platform() {
        var platform = new PlatformResource();
        platform.init(Map.of("service", "backup"));
        return platform.start();
    }

    void start() throws Exception {
        postgres.start();
        store.start();
        service.start();
    }

    /** The same service, to be started with other clocks. */
    JavaProcess service(Map<String, String> clocks) throws IOException {
        var all = new Properties();
        all.putAll(settings);
        all.putAll(clocks);
        var file = Files.createTempFile(folder, "service", ".properties");
        try (var out = Files.newBufferedWriter(file)) {
            all.store(out, null);
        }
        return new JavaProcess(
                folder.resolve("service.log"),
                () -> HTTP.send(
                                        HttpRequest.newBuilder(
                                                        URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode()
                        == 200,
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-Dquarkus.config.locations=" + file,
                        "-jar",
                        Path.of("target/quarkus-app/quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()));
    }

    /** An account that is at home here and has consented, as the projections of account-service's events leave it. */
    void openAccount() throws Exception {
        var devices = new JsonArray()
                .add(new JsonObject()
                        .put("deviceId", device.value())
                        .put("secretSha256", Devices.digest(secret))
                        .put("appendOnly", false));
        postgres.execute("insert into fence (account_id, mode, epoch) values ('" + account + "', 'OWN', 1)");
        postgres.execute("insert into device_projection (account_id, version, epoch, devices) values ('" + account
                + "', 1, 1, '" + devices + "')");
        postgres.execute("insert into consent_projection (account_id, version, epoch, features) values ('" + account
                + "', 1, 1, '{\"backup\":{\"granted\":true,\"policyVersion\":\"2026-01\"}}')");
    }

    StockRestic restic() {
        return new StockRestic(
                "rest:http://" + device + ":" + secret + "@127.0.0.1:" + port + "/restic/phone/", folder);
    }

    /** A request of the restic protocol, under way. @param path below the repository */
    CompletableFuture<HttpResponse<Void>> post(String path, BodyPublisher body) {
        var login = Base64.getEncoder().encodeToString((device + ":" + secret).getBytes(UTF_8));
        var request = HttpRequest.newBuilder(URI.create(origin() + "/restic/phone/" + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Basic " + login)
                .POST(body)
                .build();
        return HTTP.sendAsync(request, BodyHandlers.discarding());
    }

    /** The status of the readiness check. */
    int readiness() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(origin() + "/q/health/ready"))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    }

    /** Members of all consumer groups of the service. */
    int groupMembers() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", settings.get("kafka.bootstrap.servers")))) {
            var groups = admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get().stream()
                    .map(GroupListing::groupId)
                    .filter(id -> id.startsWith("backup."))
                    .toList();
            return admin.describeConsumerGroups(groups).all().get().values().stream()
                    .mapToInt(group -> group.members().size())
                    .sum();
        }
    }

    private String origin() {
        return "http://127.0.0.1:" + port;
    }

    /** Bytes in the store, of whatever state. */
    long storedBytes() {
        return files().mapToLong(File::length).sum();
    }

    /** The last part of the keys in the store. */
    Set<String> storedObjects() {
        return files().map(File::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<File> files() {
        try (var files = Files.walk(objects)) {
            return files
                    .map(Path::toFile)
                    .filter(file -> file.isFile() && file.getPath().contains(account.toString()))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException e) {
            // a file went while the folder was read
            return Stream.empty();
        }
    }

    private static boolean connects(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        }
    }

    @Override
    public void close() throws Exception {
        service.close();
        store.close();
        postgres.close();
    }
}
