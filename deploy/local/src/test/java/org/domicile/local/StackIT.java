package org.domicile.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.domicile.local.home.Home;
import org.domicile.local.home.Secrets;
import org.domicile.local.process.PidFiles;
import org.domicile.local.security.Authority;
import org.domicile.local.security.Trust;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real servers of one region, started once. */
class StackIT {
    private static final String REGION = "cn-north";

    @TempDir
    static Path folder;

    private static Home home;
    private static Stack stack;
    private static StackDescription description;

    @BeforeAll
    static void start() {
        home = new Home(Home.locate().sources(), folder.resolve("home"));
        stack = new Stack(home, List.of(REGION), System.out::println);
        description = stack.startServers();
    }

    @AfterAll
    static void stop() {
        stack.stop();
        assertEquals(Set.of(), new PidFiles(home.file("run")).running().keySet());
    }

    @Test
    void the_running_stack_describes_itself() {
        assertEquals(Optional.of(description), Stack.running(home));
    }

    @Test
    void a_second_start_says_that_one_is_running() {
        var failure = assertThrows(LocalFailure.class, () -> new Stack(home, List.of(REGION), line -> {}));

        assertTrue(failure.getMessage().startsWith("A stack is running in " + home.folder()));
    }

    @Test
    void each_service_has_a_database_that_no_other_one_enters() throws SQLException {
        try (var own = connect("account", "account")) {
            assertTrue(own.isValid(1));
        }
        assertThrows(SQLException.class, () -> connect("backup", "account"));
    }

    @Test
    void a_service_writes_its_own_topics_and_no_others() throws Exception {
        try (var producer = producer("kafka")) {
            producer.send(new ProducerRecord<>("account.events", "a", "{}")).get();
        }
        try (var stranger = producer("keycloak")) {
            var refused = assertThrows(
                    ExecutionException.class, () -> stranger.send(new ProducerRecord<>("account.events", "a", "{}"))
                            .get());
            assertInstanceOf(TopicAuthorizationException.class, refused.getCause());
        }
    }

    @Test
    void compacted_topics_bound_how_long_a_value_outlives_its_key() throws Exception {
        var settings = new Properties();
        try (var reader = new FileReader(description.regions().get(REGION).kafkaClient(), StandardCharsets.UTF_8)) {
            settings.load(reader);
        }
        try (var admin = Admin.create(settings)) {
            var resource = new org.apache.kafka.common.config.ConfigResource(
                    org.apache.kafka.common.config.ConfigResource.Type.TOPIC, "consent.state");
            var topic = admin.describeConfigs(List.of(resource)).all().get().get(resource);

            assertEquals("compact", topic.get("cleanup.policy").value());
            assertEquals("3600000", topic.get("max.compaction.lag.ms").value());
        }
    }

    @Test
    void the_operator_signs_in() throws Exception {
        var region = description.regions().get(REGION);
        var form = "grant_type=password&client_id=" + region.clientId() + "&username="
                + description.operator().username() + "&password="
                + URLEncoder.encode(description.operator().password(), StandardCharsets.UTF_8);

        var answer = post(region.issuer() + "/protocol/openid-connect/token", form);

        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(new ObjectMapper().readTree(answer.body()).has("access_token"));
    }

    @Test
    void the_doctor_finds_what_a_laptop_lacks_and_nothing_else() throws Exception {
        var answer = doctor(1, Map.of());

        assertEquals(
                Set.of("object store: TLS", "PostgreSQL: TLS", "Kafka: brokers", "Kafka: zones"),
                findings(answer, "FAILED"),
                answer.toPrettyString());
        assertEquals(Set.of("PostgreSQL: synchronous standby"), findings(answer, "WARNING"));
        assertTrue(findings(answer, "OK").containsAll(Set.of("object store: presigned put", "Kafka: version")));
    }

    @Test
    void the_doctor_names_each_part_that_refuses_it() throws Exception {
        var answer = doctor(
                1,
                Map.of(
                        "quarkus.s3.aws.credentials.static-provider.secret-access-key",
                        "wrong",
                        "quarkus.datasource.password",
                        "wrong",
                        "kafka.bootstrap.servers",
                        "127.0.0.1:1",
                        "kafka.default.api.timeout.ms",
                        "2000",
                        "kafka.request.timeout.ms",
                        "2000"));

        assertEquals(
                Set.of("object store: TLS", "object store: bucket", "PostgreSQL: sign-in", "Kafka: sign-in"),
                findings(answer, "FAILED"),
                answer.toPrettyString());
    }

    /** @param others what the region's file says besides, or instead */
    private static JsonNode doctor(int exit, Map<String, String> others) throws IOException {
        var region = description.regions().get(REGION);
        var settings = new Properties();
        try (var reader = new FileReader(region.kafkaClient(), StandardCharsets.UTF_8)) {
            var kafka = new Properties();
            kafka.load(reader);
            kafka.forEach((key, value) -> settings.put("kafka." + key, value));
        }
        settings.put("kafka.bootstrap.servers", region.kafka());
        settings.put("quarkus.s3.endpoint-override", region.s3().endpoint());
        settings.put(
                "quarkus.s3.aws.credentials.static-provider.access-key-id",
                region.s3().accessKey());
        settings.put(
                "quarkus.s3.aws.credentials.static-provider.secret-access-key",
                region.s3().secretKey());
        settings.put("domicile.backup.bucket", region.s3().bucket());
        var database = URI.create(region.postgres());
        settings.put(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://" + database.getHost() + ":" + database.getPort() + "/backup");
        settings.put("quarkus.datasource.username", "backup");
        settings.put("quarkus.datasource.password", password("backup"));
        settings.putAll(others);
        var file = Files.createTempFile(folder, "region", ".properties");
        try (var out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        var said = new StringWriter();
        var code = Domicile.commandLine()
                .setOut(new PrintWriter(said, true))
                .execute("doctor", "--json", "--region", file.toString());
        assertEquals(exit, code, said.toString());
        return new ObjectMapper().readTree(said.toString());
    }

    private static Set<String> findings(JsonNode answer, String verdict) {
        return StreamSupport.stream(answer.path("findings").spliterator(), false)
                .filter(finding -> finding.path("verdict").asText().equals(verdict))
                .map(finding -> finding.path("part").asText() + ": "
                        + finding.path("check").asText())
                .collect(Collectors.toSet());
    }

    private static HttpResponse<String> post(String url, String form) throws IOException, InterruptedException {
        var authority =
                new Authority(home.file("ca.pem"), home.file("keys/ca.key.pem"), Clock.systemUTC(), new SecureRandom());
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return Trust.client(authority.certificate()).send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static java.sql.Connection connect(String database, String user) throws SQLException {
        var address = URI.create(description.regions().get(REGION).postgres());
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + "/" + database,
                user,
                password(user));
    }

    private static String password(String user) {
        return new Secrets(home.file("secrets.json"), new SecureRandom()).of(REGION + ".postgres." + user);
    }

    private static KafkaProducer<String, String> producer(String part) {
        var tls = home.folderOf(REGION, part).resolve("tls");
        var settings = new Properties();
        settings.put("bootstrap.servers", description.regions().get(REGION).kafka());
        settings.put("security.protocol", "SSL");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.location", tls.resolve("identity.pem").toString());
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", home.file("ca.pem").toString());
        settings.put("delivery.timeout.ms", "10000");
        settings.put("request.timeout.ms", "5000");
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
