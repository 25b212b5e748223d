package org.domicile.account.sender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.domicile.account.code.CodeSender;
import org.domicile.account.code.CodesConfig;
import org.domicile.account.code.FileCodeSender;
import org.domicile.account.notice.FileNoticeSender;
import org.domicile.account.notice.NoticeSender;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The senders that the configuration names; one that cannot work, or leaves codes in clear where others may come by, refuses to start. */
@ApplicationScoped
public class Senders {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final int SHORTEST_SECRET = 32;

    private final CodeSender codes;
    private final NoticeSender notices;

    /** @param host where the service listens */
    @Inject
    public Senders(
            SenderConfig config,
            WebhookConfig gateway,
            CodesConfig files,
            Vertx vertx,
            Clock clock,
            @ConfigProperty(name = "quarkus.http.host") String host) {
        switch (config.kind()) {
            case FILE -> {
                if (!LOOPBACK.contains(host)) {
                    throw new IllegalStateException("domicile.sender.kind=file leaves one-time codes in clear, and the"
                            + " service listens on " + host + ": set kind=webhook and its address (docs/sign-up.md)");
                }
                var folder = set("domicile.codes.directory", files.directory());
                this.codes = new FileCodeSender(folder, vertx);
                this.notices = new FileNoticeSender(folder.resolve("notices"), vertx);
            }
            case WEBHOOK -> {
                var webhook = webhook(gateway, vertx, clock);
                this.codes = webhook;
                this.notices = webhook;
            }
            default -> throw new IllegalStateException();
        }
    }

    Senders() {
        this.codes = null;
        this.notices = null;
    }

    /** Makes the choice before the first code is needed. */
    void start(@Observes StartupEvent event) {}

    @Produces
    @Singleton
    CodeSender codes() {
        return codes;
    }

    @Produces
    @Singleton
    NoticeSender notices() {
        return notices;
    }

    private static WebhookSender webhook(WebhookConfig config, Vertx vertx, Clock clock) {
        var url = set("domicile.sender.webhook.url", config.url());
        if (!"https".equals(url.getScheme())) {
            throw new IllegalStateException("domicile.sender.webhook.url must begin with https://: codes go there");
        }
        var secret = read(set("domicile.sender.webhook.secret-file", config.secretFile()));
        if (secret.length < SHORTEST_SECRET) {
            throw new IllegalStateException("the secret in domicile.sender.webhook.secret-file has less than "
                    + SHORTEST_SECRET + " bytes: make a longer one");
        }
        return new WebhookSender(vertx, url, secret, config.ca(), config.timeout(), clock);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readString(file).strip().getBytes(UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("domicile.sender.webhook.secret-file cannot be read: " + file, e);
        }
    }

    private static <T> T set(String name, Optional<T> value) {
        return value.orElseThrow(
                () -> new IllegalStateException(name + " is missing: codes and notices need it (docs/sign-up.md)"));
    }
}
