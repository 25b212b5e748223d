package org.domicile.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Trust in the authorities of a PEM file. */
public final class TrustedCertificates {
    private TrustedCertificates() {}

    /** @throws IOException when the file is missing or holds no certificate */
    public static SSLContext fromPem(Path pem) throws IOException {
        return context(pem, false);
    }

    /** The same, beside the platform's own trust: for what may be part of the stack or not, such as an object store. */
    public static SSLContext fromPemAndPlatform(Path pem) throws IOException {
        return context(pem, true);
    }

    private static SSLContext context(Path pem, boolean platform) throws IOException {
        try (InputStream input = Files.newInputStream(pem)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            List<Certificate> authorities =
                    new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(input));
            if (platform) {
                authorities.addAll(platform());
            }
            for (Certificate authority : authorities) {
                store.setCertificateEntry("authority-" + store.size(), authority);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(store), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("The file " + pem + " holds no certificate authority that can be used", e);
        }
    }

    private static List<Certificate> platform() throws GeneralSecurityException {
        List<Certificate> authorities = new ArrayList<>();
        for (TrustManager manager : trust(null)) {
            if (manager instanceof X509TrustManager known) {
                authorities.addAll(List.of(known.getAcceptedIssuers()));
            }
        }
        return authorities;
    }

    /** @param store null for the platform's */
    private static TrustManager[] trust(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }
}
