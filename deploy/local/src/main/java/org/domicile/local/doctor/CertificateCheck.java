package org.domicile.local.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The certificate that a server shows, to a client that trusts what the service trusts: its chain, its name and its end. */
final class CertificateCheck {
    private static final int PATIENCE_MILLIS = 30_000;
    /** As long before its end as the alert on the services' own. */
    private static final Duration SOON = Duration.ofDays(14);

    private static final String CHAIN = "certificate's chain";
    private static final String NAME = "certificate's name";
    private static final String END = "certificate's end";

    private final String part;
    private final SSLContext client;
    private final Clock clock;

    /** @param client with the authorities that the service trusts, and its own certificate if it has to show one */
    CertificateCheck(String part, SSLContext client, Clock clock) {
        this.part = part;
        this.client = client;
        this.clock = clock;
    }

    /** None of a server that cannot be reached: what asks it says so. */
    List<Finding> findings(String host, int port) {
        try {
            var leaf = shown(client, true, host, port);
            return List.of(Finding.ok(part, CHAIN, host + " is trusted"), Finding.ok(part, NAME, host), end(leaf));
        } catch (SSLException refused) {
            return refused(refused, host, port);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Which of the two it was: once more without looking at the name, and once more without looking at all. */
    private List<Finding> refused(SSLException refused, String host, int port) {
        try {
            var leaf = shown(client, false, host, port);
            return List.of(
                    Finding.ok(part, CHAIN, host + " is trusted"),
                    Finding.failed(
                            part,
                            NAME,
                            host + " shows one for " + names(leaf),
                            "have the name in the certificate, or ask by one of its names"),
                    end(leaf));
        } catch (SSLException untrusted) {
            return untrusted(refused, host, port);
        } catch (IOException e) {
            return List.of();
        }
    }

    private List<Finding> untrusted(SSLException refused, String host, int port) {
        var chain = Finding.failed(
                part,
                CHAIN,
                host + ": " + refused.getMessage(),
                "have the server send its intermediates, and the service trust its root");
        try {
            return List.of(chain, end(shown(trusting(), false, host, port)));
        } catch (IOException e) {
            return List.of(chain);
        }
    }

    private Finding end(X509Certificate shown) {
        var left = Duration.between(clock.instant(), shown.getNotAfter().toInstant());
        var said = "in " + left.toDays() + " days";
        if (left.isNegative()) {
            return Finding.failed(part, END, "ended on " + shown.getNotAfter().toInstant(), "renew it");
        }
        return left.compareTo(SOON) < 0
                ? new Finding(part, END, Finding.Verdict.WARNING, said, "renew it in time")
                : Finding.ok(part, END, said);
    }

    private static X509Certificate shown(SSLContext client, boolean named, String host, int port) throws IOException {
        try (var plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            var socket = (SSLSocket) client.getSocketFactory().createSocket(plain, host, port, true);
            if (named) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static String names(X509Certificate shown) {
        try {
            return Optional.ofNullable(shown.getSubjectAlternativeNames())
                    .map(all -> all.stream().map(n -> n.get(1).toString()).toList())
                    .orElse(List.of())
                    .toString();
        } catch (CertificateParsingException e) {
            return shown.getSubjectX500Principal().getName();
        }
    }

    /** To look at a certificate that nobody trusts; nothing is sent to who shows it. */
    private static SSLContext trusting() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Everybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
