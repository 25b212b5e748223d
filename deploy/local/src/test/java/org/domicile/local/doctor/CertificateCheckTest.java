package org.domicile.local.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.domicile.local.security.Authority;
import org.domicile.local.security.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with certificates of an authority of the test; they are valid for localhost and 127.0.0.1, for a year. */
class CertificateCheckTest {
    @TempDir
    Path folder;

    @Test
    void a_good_certificate_is_found_good() throws IOException {
        assertEquals(List.of("OK chain", "OK name", "OK end"), verdicts(Duration.ZERO, "localhost", true));
    }

    @Test
    void one_of_an_authority_that_is_not_trusted_is_found() throws IOException {
        assertEquals(List.of("FAILED chain", "OK end"), verdicts(Duration.ZERO, "localhost", false));
    }

    @Test
    void one_for_another_name_is_found() throws IOException {
        assertEquals(List.of("OK chain", "FAILED name", "OK end"), verdicts(Duration.ZERO, "127.0.0.2", true));
    }

    @Test
    void one_that_ends_soon_and_one_that_has_ended_are_found() throws IOException {
        assertEquals(List.of("OK chain", "OK name", "WARNING end"), verdicts(Duration.ofDays(355), "localhost", true));
        assertEquals(List.of("FAILED chain", "FAILED end"), verdicts(Duration.ofDays(366), "localhost", true));
    }

    /** @param age of the server's certificate */
    private List<String> verdicts(Duration age, String host, boolean trusted) throws IOException {
        var authority = authority("a" + age.toDays(), age);
        var server = identity(authority, age, "server");
        try (var socket =
                (SSLServerSocket) context(server).getServerSocketFactory().createServerSocket(0)) {
            Thread.ofVirtual().start(() -> accept(socket));
            return new CertificateCheck("x", client(authority, trusted), Clock.systemUTC())
                    .findings(host, socket.getLocalPort()).stream()
                            .map(CertificateCheckTest::verdict)
                            .toList();
        }
    }

    private static String verdict(Finding finding) {
        return finding.verdict() + " " + finding.check().replace("certificate's ", "");
    }

    private Authority authority(String name, Duration age) {
        return new Authority(
                folder.resolve(name + ".pem"),
                folder.resolve(name + ".key"),
                Clock.offset(Clock.systemUTC(), age.negated()),
                new SecureRandom());
    }

    private Identity identity(Authority authority, Duration age, String name) throws IOException {
        return authority.identity(Files.createDirectories(folder.resolve(name + age.toDays())), name);
    }

    private SSLContext client(Authority authority, boolean trusted) throws IOException {
        var own = trusted ? authority : authority("another", Duration.ZERO);
        return context(identity(own, Duration.ZERO, trusted ? "client" : "stranger"));
    }

    private static SSLContext context(Identity identity) {
        var files = new DefaultSslEngineFactory();
        var settings = new HashMap<String, Object>(Map.of("ssl.protocol", "TLSv1.3"));
        settings.putAll(identity.kafka());
        files.configure(settings);
        return files.sslContext();
    }

    private static void accept(SSLServerSocket server) {
        while (!server.isClosed()) {
            try (var socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
            } catch (IOException e) {
                // the client did not like it, or the test is over
            }
        }
    }
}
