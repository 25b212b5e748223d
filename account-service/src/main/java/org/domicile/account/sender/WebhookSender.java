package org.domicile.account.sender;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.account.code.CodeMessage;
import org.domicile.account.code.CodeSender;
import org.domicile.account.notice.Notice;
import org.domicile.account.notice.NoticeSender;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.jboss.logging.Logger;

/**
 * Gives codes and notices to a gateway: one HTTPS POST each, {@code {id, kind, to: {kind, value}, text, …}}, with
 * {@code Domicile-Timestamp} (seconds since 1970) and {@code Domicile-Signature}, {@code v1=} and the hex HMAC-SHA256 of timestamp, a
 * full stop and body. Any 2xx is success; a notice may come twice, with the same id, and 410 says of one that nobody can be reached there.
 */
final class WebhookSender implements CodeSender, NoticeSender {
    static final String TIMESTAMP = "Domicile-Timestamp";
    static final String SIGNATURE = "Domicile-Signature";

    private static final Logger LOG = Logger.getLogger(WebhookSender.class);
    private static final int RETRY_SECONDS = 30;
    private static final int SUCCESS = 2;
    private static final int GONE = 410;
    private static final int HTTPS = 443;

    private final WebClient http;
    private final URI url;
    private final byte[] secret;
    private final Duration timeout;
    private final Clock clock;

    /** @param ca authorities in PEM; empty for those of the JDK */
    WebhookSender(Vertx vertx, URI url, byte[] secret, Optional<Path> ca, Duration timeout, Clock clock) {
        var options = new WebClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setFollowRedirects(false)
                .setConnectTimeout((int) timeout.toMillis());
        ca.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        this.http = WebClient.create(vertx, options);
        this.url = url;
        this.secret = secret.clone();
        this.timeout = timeout;
        this.clock = clock;
    }

    @Override
    public Uni<Void> send(Identifier identifier, CodeMessage message) {
        return post(body(UUID.randomUUID(), "code", identifier, message.text())
                        .put("purpose", message.purpose().name())
                        .put("code", message.code())
                        .put("reference", message.reference()))
                .invoke(WebhookSender::requireSuccess)
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> send(Identifier identifier, Notice notice) {
        return post(body(notice.id(), "notice", identifier, notice.text())
                        .put("notice", notice.kind().name()))
                .invoke(WebhookSender::requireSuccessOrGone)
                .replaceWithVoid();
    }

    private static JsonObject body(UUID id, String kind, Identifier to, String text) {
        return new JsonObject()
                .put("id", id.toString())
                .put("kind", kind)
                .put("to", new JsonObject().put("kind", to.kind().name()).put("value", to.value()))
                .put("text", text);
    }

    private Uni<HttpResponse<Buffer>> post(JsonObject content) {
        var body = content.toBuffer().getBytes();
        var timestamp = Long.toString(clock.instant().getEpochSecond());
        var path = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        return http.post(url.getPort() < 0 ? HTTPS : url.getPort(), url.getHost(), path)
                .timeout(timeout.toMillis())
                .putHeader("Content-Type", "application/json")
                .putHeader(TIMESTAMP, timestamp)
                .putHeader(SIGNATURE, "v1=" + signature(secret, timestamp, body))
                .sendBuffer(Buffer.buffer(body))
                .onFailure()
                .transform(f -> away(f.toString()));
    }

    private static void requireSuccessOrGone(HttpResponse<Buffer> answer) {
        if (answer.statusCode() != GONE) {
            requireSuccess(answer);
        }
    }

    private static void requireSuccess(HttpResponse<Buffer> answer) {
        if (answer.statusCode() / 100 != SUCCESS) {
            throw away("it answers " + answer.statusCode());
        }
    }

    /** @param reason for the log alone */
    private static ProblemException away(String reason) {
        LOG.warnf("gateway of codes and notices does not take one reason=%s", reason);
        return new ProblemException(
                ErrorCode.UNAVAILABLE,
                "Codes cannot be sent now: try again in half a minute.",
                Map.of("retryAfter", RETRY_SECONDS));
    }

    /** Hex HMAC-SHA256 of the timestamp, a full stop and the body. */
    static String signature(byte[] secret, String timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
