package org.domicile.local.security;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.PrivateFiles;

/** Keys and certificates as PEM text (PKCS #8, X.509 SubjectPublicKeyInfo, X.509). */
final class Pem {
    private Pem() {}

    static String of(PrivateKey key) {
        return text("PRIVATE KEY", key.getEncoded());
    }

    static String of(PublicKey key) {
        return text("PUBLIC KEY", key.getEncoded());
    }

    static String of(X509Certificate certificate) {
        try {
            return text("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    static PrivateKey privateKey(Path file) {
        try {
            return new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) parse(file));
        } catch (IOException | ClassCastException e) {
            throw damaged(file, e);
        }
    }

    static PublicKey publicKey(Path file) {
        try {
            return new JcaPEMKeyConverter().getPublicKey((SubjectPublicKeyInfo) parse(file));
        } catch (IOException | ClassCastException e) {
            throw damaged(file, e);
        }
    }

    static X509Certificate certificate(Path file) {
        try {
            return new JcaX509CertificateConverter().getCertificate((X509CertificateHolder) parse(file));
        } catch (IOException | CertificateException | ClassCastException e) {
            throw damaged(file, e);
        }
    }

    private static Object parse(Path file) throws IOException {
        try (var parser = new PEMParser(new StringReader(PrivateFiles.read(file)))) {
            var object = parser.readObject();
            if (object == null) {
                throw new IOException("it holds no PEM object");
            }
            return object;
        }
    }

    private static LocalFailure damaged(Path file, Exception cause) {
        return new LocalFailure("The file " + file + " is damaged: restore it, or run ./domicile clean.", cause);
    }

    private static String text(String type, byte[] content) {
        var text = new StringWriter();
        try (var writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }
}
