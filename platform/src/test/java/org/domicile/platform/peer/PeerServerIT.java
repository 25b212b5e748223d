package org.domicile.platform.peer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.domicile.platform.note.NoteProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class PeerServerIT {
    @Inject
    PeerServer server;

    @Inject
    PeerConfig config;

    @Test
    void an_older_protocol_than_tls_1_3_is_refused() throws Exception {
        try (var socket = connect("TLSv1.2")) {
            assertThrows(SSLException.class, socket::startHandshake);
        }
    }

    @Test
    void who_shows_no_certificate_is_refused() throws Exception {
        try (var socket = connect("TLSv1.3")) {
            socket.startHandshake();
            // in TLS 1.3 a client hears of it only when it reads
            var refused = assertThrows(
                    SSLException.class, () -> socket.getInputStream().read());
            assertTrue(refused.getMessage().contains("certificate_required"), refused.getMessage());
        }
    }

    private SSLSocket connect(String protocol) throws GeneralSecurityException, IOException {
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var pem = Files.newInputStream(config.ca())) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", server.port());
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }
}
