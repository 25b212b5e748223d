package org.domicile.account.sender;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.mutiny.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.account.code.CodeMessage;
import org.domicile.account.code.CodesConfig;
import org.domicile.account.notice.Notice;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.testing.TestAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with TLS that answers as a test says. */
class SendersTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String SECRET = "a secret of thirty-two characters";
    private static final Identifier ADA = Identifier.email("ada@example.org").orElseThrow();
    private static final CodeMessage CODE = new CodeMessage(CodeMessage.Purpose.SIGN_UP, "123456", "the reference");

    @TempDir
    Path folder;

    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private TestAuthority authority;
    private HttpServer gateway;
    private volatile int status = 202;

    private record Taken(String path, String timestamp, String signature, byte[] body) {
        JsonObject json() {
            return new JsonObject(new String(body, UTF_8));
        }
    }

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        authority = new TestAuthority(folder);
        gateway = vertx.getDelegate()
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(authority.issue("gateway").toString())
                                .setKeyPath(authority.keyOf("gateway").toString())))
                .requestHandler(this::take)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        Files.writeString(folder.resolve("secret"), SECRET + "\n");
    }

    @AfterEach
    void stop() {
        vertx.closeAndAwait();
    }

    @Test
    void a_code_and_a_notice_are_posted_with_a_signature_over_time_and_body() throws Exception {
        var senders = senders(webhook());
        var notice = Notice.withdrawal(Feature.BACKUP, NOW, NOW.plusSeconds(86_400));

        senders.codes().send(ADA, CODE).await().indefinitely();
        senders.notices().send(ADA, notice).await().indefinitely();

        assertEquals(2, taken.size());
        for (var one : taken) {
            assertEquals("/send?from=domicile", one.path());
            assertEquals(Long.toString(NOW.getEpochSecond()), one.timestamp());
            assertEquals("v1=" + hmac(one.timestamp() + ".", one.body()), one.signature());
            assertEquals(
                    new JsonObject().put("kind", "EMAIL").put("value", "ada@example.org"),
                    one.json().getJsonObject("to"));
        }
        var code = taken.get(0).json();
        assertEquals("code", code.getString("kind"));
        assertEquals("123456", code.getString("code"));
        assertEquals("SIGN_UP", code.getString("purpose"));
        assertEquals(CODE.text(), code.getString("text"));
        var told = taken.get(1).json();
        assertEquals(notice.id().toString(), told.getString("id"), "the same when it comes twice");
        assertEquals("WITHDRAWAL", told.getString("notice"));
        assertEquals(notice.text(), told.getString("text"));
    }

    @Test
    void a_gateway_that_refuses_or_is_away_is_503_with_a_time_to_try_again() {
        var senders = senders(webhook());
        for (var refusal : List.of(302, 400, 500)) {
            status = refusal;
            unavailable(senders);
        }
        gateway.close().toCompletionStage().toCompletableFuture().join();
        unavailable(senders);
    }

    @Test
    void a_notice_that_can_never_be_delivered_is_done_with_and_a_code_is_refused() {
        var senders = senders(webhook());
        status = 410;

        senders.notices().send(ADA, Notice.inactivity(NOW, NOW)).await().indefinitely();

        assertEquals(1, taken.size());
        unavailable(senders);
    }

    @Test
    void a_gateway_whose_certificate_nobody_vouches_for_is_told_nothing() {
        var settings = webhook();
        settings.remove("domicile.sender.webhook.ca");

        unavailable(senders(settings));

        assertTrue(taken.isEmpty());
    }

    @Test
    void codes_in_files_are_for_a_service_that_only_its_own_computer_reaches() {
        var files = new HashMap<>(Map.of(
                "domicile.sender.kind",
                "file",
                "domicile.codes.directory",
                folder.resolve("codes").toString()));

        senders(files, "127.0.0.1").codes().send(ADA, CODE).await().indefinitely();
        assertTrue(Files.exists(folder.resolve("codes")));

        var refusal = assertThrows(IllegalStateException.class, () -> senders(files, "0.0.0.0"));
        assertTrue(refusal.getMessage().contains("domicile.sender.kind=file"), refusal.getMessage());
        files.remove("domicile.codes.directory");
        assertThrows(IllegalStateException.class, () -> senders(files, "localhost"));
    }

    @Test
    void a_webhook_that_cannot_work_refuses_to_start_and_names_the_setting() throws Exception {
        refused("domicile.sender.webhook.url is missing", "domicile.sender.webhook.url", null);
        refused("must begin with https://", "domicile.sender.webhook.url", "http://gateway/send");
        refused("domicile.sender.webhook.secret-file is missing", "domicile.sender.webhook.secret-file", null);
        refused(
                "cannot be read",
                "domicile.sender.webhook.secret-file",
                folder.resolve("none").toString());
        Files.writeString(folder.resolve("short"), "short");
        refused(
                "less than 32 bytes",
                "domicile.sender.webhook.secret-file",
                folder.resolve("short").toString());
    }

    private void refused(String says, String name, String value) {
        var settings = webhook();
        if (value == null) {
            settings.remove(name);
        } else {
            settings.put(name, value);
        }
        var refusal = assertThrows(IllegalStateException.class, () -> senders(settings));
        assertTrue(refusal.getMessage().contains(says), refusal.getMessage());
    }

    private static void unavailable(Senders senders) {
        var refused = assertThrows(
                ProblemException.class,
                () -> senders.codes().send(ADA, CODE).await().indefinitely());
        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        assertEquals(30, refused.problem().extensions().get("retryAfter"));
        assertFalse(refused.getMessage().contains("123456"));
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            taken.add(new Taken(
                    request.uri(),
                    request.getHeader("Domicile-Timestamp"),
                    request.getHeader("Domicile-Signature"),
                    body.getBytes()));
            request.response().setStatusCode(status).end();
        });
    }

    private Map<String, String> webhook() {
        return new HashMap<>(Map.of(
                "domicile.sender.webhook.url",
                "https://localhost:" + gateway.actualPort() + "/send?from=domicile",
                "domicile.sender.webhook.secret-file",
                folder.resolve("secret").toString(),
                "domicile.sender.webhook.ca",
                authority.ca().toString(),
                "domicile.sender.webhook.timeout",
                "60s"));
    }

    private Senders senders(Map<String, String> settings) {
        return senders(settings, "0.0.0.0");
    }

    private Senders senders(Map<String, String> settings, String host) {
        var builder = new SmallRyeConfigBuilder()
                .withMapping(SenderConfig.class)
                .withMapping(WebhookConfig.class)
                .withMapping(CodesConfig.class)
                .withConverter(Duration.class, 200, io.quarkus.runtime.configuration.DurationConverter::parseDuration);
        settings.forEach(builder::withDefaultValue);
        var config = builder.build();
        return new Senders(
                config.getConfigMapping(SenderConfig.class),
                config.getConfigMapping(WebhookConfig.class),
                config.getConfigMapping(CodesConfig.class),
                vertx,
                Clock.fixed(NOW, ZoneOffset.UTC),
                host);
    }

    private static String hmac(String before, byte[] body) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        mac.update(before.getBytes(UTF_8));
        return java.util.HexFormat.of().formatHex(mac.doFinal(body));
    }
}
