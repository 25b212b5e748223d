package org.domicile.platform.peer;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The two halves of mutual TLS, as the configured files (PEM) were at one moment. */
record PeerTls(Buffer certificate, Buffer key, Buffer ca) {
    static final Set<String> PROTOCOLS = Set.of("TLSv1.3");

    /** @throws GeneralSecurityException if the key is not the certificate's: one of them is being replaced */
    static PeerTls read(PeerConfig config) throws IOException, GeneralSecurityException {
        var read = new PeerTls(
                Buffer.buffer(Files.readAllBytes(config.certificate())),
                Buffer.buffer(Files.readAllBytes(config.key())),
                Buffer.buffer(Files.readAllBytes(config.ca())));
        certificates(read.ca);
        read.checkKey();
        return read;
    }

    PemKeyCertOptions identity() {
        return new PemKeyCertOptions().setCertValue(certificate).setKeyValue(key);
    }

    PemTrustOptions trust() {
        return new PemTrustOptions().addCertValue(ca);
    }

    X509ExtendedKeyManager keys(Vertx vertx) {
        try {
            return (X509ExtendedKeyManager)
                    identity().getKeyManagerFactory(vertx).getKeyManagers()[0];
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    X509ExtendedTrustManager authorities(Vertx vertx) {
        try {
            return (X509ExtendedTrustManager)
                    trust().getTrustManagerFactory(vertx).getTrustManagers()[0];
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    SSLOptions options() {
        return new SSLOptions()
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setKeyCertOptions(identity())
                .setTrustOptions(trust());
    }

    /** When the certificate, or one of those between it and the root, ends. */
    Instant ends() {
        return end(certificate);
    }

    /** When the first of the trusted authorities ends. */
    Instant trustEnds() {
        return end(ca);
    }

    private static Instant end(Buffer pem) {
        try {
            return certificates(pem).stream()
                    .map(c -> ((X509Certificate) c).getNotAfter().toInstant())
                    .min(Instant::compareTo)
                    .orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Collection<? extends Certificate> certificates(Buffer pem) throws GeneralSecurityException {
        var found =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem.getBytes()));
        if (found.isEmpty()) {
            throw new GeneralSecurityException("no certificate");
        }
        return found;
    }

    private void checkKey() throws GeneralSecurityException {
        var owner = certificates(certificate).iterator().next().getPublicKey();
        var proof = Signature.getInstance(algorithm(owner));
        proof.initSign(privateKey(owner.getAlgorithm()));
        var signed = proof.sign();
        proof.initVerify(owner);
        if (!proof.verify(signed)) {
            throw new GeneralSecurityException("the key is not the certificate's");
        }
    }

    private PrivateKey privateKey(String algorithm) throws GeneralSecurityException {
        var base64 = key.toString(StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----", "");
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the key is not PEM", e);
        }
    }

    private static String algorithm(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }
}
