package org.domicile.platform.tls;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.domicile.platform.testing.TestAuthority;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own client, and a broker that hangs up as soon as it knows who is there. */
class RenewedKafkaCertificateTest {
    @TempDir
    Path folder;

    private final Queue<BigInteger> shown = new ConcurrentLinkedQueue<>();

    @Test
    void the_next_connection_is_made_with_the_renewed_certificate() throws Exception {
        var authority = new TestAuthority(folder);
        var before = issue(authority);
        try (var broker = listen(authority);
                var client = Admin.create(settings(authority, broker.getLocalPort()))) {
            Thread.ofVirtual().start(() -> accept(broker));
            client.listTopics();
            Wait.until("shown", () -> shown.contains(before));

            var renewed = issue(authority);

            assertNotEquals(before, renewed);
            Wait.until("renewed", () -> shown.contains(renewed));
            client.close(Duration.ZERO);
        }
    }

    @Test
    void a_file_that_is_not_whole_changes_nothing() throws Exception {
        var authority = new TestAuthority(folder);
        var before = issue(authority);
        try (var broker = listen(authority);
                var client = Admin.create(settings(authority, broker.getLocalPort()))) {
            Files.writeString(identity(), "-----BEGIN PRIVATE KEY-----\n");
            Thread.ofVirtual().start(() -> accept(broker));
            client.listTopics();

            Wait.until("shown", () -> shown.contains(before));
            client.close(Duration.ZERO);
        }
    }

    private Map<String, Object> settings(TestAuthority authority, int port) {
        return Map.of(
                "bootstrap.servers",
                "localhost:" + port,
                "metadata.recovery.strategy",
                "none",
                "security.protocol",
                "SSL",
                "ssl.engine.factory.class",
                RenewedKafkaCertificate.class.getName(),
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.location",
                identity().toString(),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority.ca().toString());
    }

    /** @return its number */
    private BigInteger issue(TestAuthority authority) throws Exception {
        var certificate = Files.readString(authority.issue("cn-north.backup"));
        var whole = Files.writeString(
                folder.resolve("next"), Files.readString(authority.keyOf("cn-north.backup")) + certificate);
        Files.move(whole, identity(), StandardCopyOption.ATOMIC_MOVE);
        return ((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate.getBytes())))
                .getSerialNumber();
    }

    private Path identity() {
        return folder.resolve("identity.pem");
    }

    private SSLServerSocket listen(TestAuthority authority) throws IOException {
        var own = Files.writeString(
                folder.resolve("broker.pem"),
                Files.readString(authority.issue("broker")) + Files.readString(authority.keyOf("broker")));
        var socket = (SSLServerSocket)
                context(authority, own).getServerSocketFactory().createServerSocket(0);
        socket.setNeedClientAuth(true);
        return socket;
    }

    private static SSLContext context(TestAuthority authority, Path identity) {
        var files = new DefaultSslEngineFactory();
        files.configure(Map.of(
                "ssl.protocol", "TLSv1.3",
                "ssl.keystore.type", "PEM",
                "ssl.keystore.location", identity.toString(),
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", authority.ca().toString()));
        return files.sslContext();
    }

    private void accept(SSLServerSocket broker) {
        while (!broker.isClosed()) {
            try (var socket = (SSLSocket) broker.accept()) {
                socket.startHandshake();
                shown.add(((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber());
            } catch (IOException e) {
                // the client has gone, or the test is over
            }
        }
    }
}
