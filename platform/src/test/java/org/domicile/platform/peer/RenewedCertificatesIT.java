package org.domicile.platform.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestAuthority;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service whose certificate is renewed while it runs. */
@QuarkusTest
@TestProfile(NoteProfile.class)
class RenewedCertificatesIT {
    private static final String SELF = TestRegions.CN + ".backup";
    private static final String PEER = TestRegions.SG + ".backup";

    @Inject
    PeerServer server;

    @Inject
    PeerClient client;

    @Inject
    PeerConfig config;

    @Inject
    MeterRegistry metrics;

    /** The application's counts its servers, and no other than its own may join. */
    private final Vertx vertx = Vertx.vertx();

    private final TestAuthority authority = PlatformResource.authority();

    @BeforeEach
    void listen() throws Exception {
        var options = new HttpServerOptions()
                .setPort(NoteProfile.peerPort())
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(authority.issue(PEER).toString())
                        .setKeyPath(authority.keyOf(PEER).toString()))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(authority.ca().toString()));
        vertx.createHttpServer(options)
                .requestHandler(RenewedCertificatesIT::saySerial)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void a_renewed_certificate_is_shown_and_called_with_without_a_restart() throws Exception {
        var before = serial(config.certificate());
        assertEquals(before, shown());
        assertEquals(before, calledWith());

        authority.issue(SELF);

        var renewed = serial(config.certificate());
        Wait.until("shown", () -> shown().equals(renewed));
        assertEquals(renewed, calledWith());
    }

    @Test
    void a_key_that_is_not_the_certificates_is_not_taken() throws Exception {
        var key = Files.readAllBytes(config.key());
        authority.issue("another");
        Files.copy(authority.keyOf("another"), config.key(), StandardCopyOption.REPLACE_EXISTING);
        try {
            var refused = assertThrows(GeneralSecurityException.class, () -> PeerTls.read(config));
            assertEquals("the key is not the certificate's", refused.getMessage());
        } finally {
            Files.write(config.key(), key);
        }
    }

    @Test
    void how_long_what_is_in_use_is_good_for_is_a_metric() {
        for (var which : new String[] {"peer", "peer-authorities"}) {
            var left = metrics.get("domicile.certificate.remaining")
                    .tag("certificate", which)
                    .gauge()
                    .value();
            assertTrue(left > 80_000 && left <= 86_400, which + " " + left);
        }
    }

    private static void saySerial(HttpServerRequest request) {
        try {
            var shown = (X509Certificate) request.connection().sslSession().getPeerCertificates()[0];
            request.response()
                    .putHeader("Connection", "close")
                    .end(shown.getSerialNumber().toString());
        } catch (IOException e) {
            request.response().setStatusCode(500).end(e.toString());
        }
    }

    private String calledWith() {
        var answer = client.ask(client.request(HttpMethod.GET, TestRegions.SG, "backup", "/"), null)
                .await()
                .indefinitely();
        return answer.body().toString();
    }

    private String shown() {
        try (var socket = connect()) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber()
                    .toString();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private SSLSocket connect() throws GeneralSecurityException, IOException {
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate(config.ca()));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket("localhost", server.port());
    }

    private static String serial(Path pem) throws GeneralSecurityException, IOException {
        return certificate(pem).getSerialNumber().toString();
    }

    private static X509Certificate certificate(Path pem) throws GeneralSecurityException, IOException {
        try (var in = Files.newInputStream(pem)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
