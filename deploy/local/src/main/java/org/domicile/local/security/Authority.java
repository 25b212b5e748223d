package org.domicile.local.security;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.domicile.local.home.PrivateFiles;

/** The certificate authority of one local stack, made at its first start. */
public final class Authority {
    private static final X500Principal NAME = new X500Principal("CN=Domicile local stack");
    private static final Duration OWN_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    private final Path certificateFile;
    private final Clock clock;
    private final SecureRandom random;
    private final X509Certificate certificate;
    private final PrivateKey key;

    /** Reads the authority from {@code folder}, or makes it there. */
    public Authority(Path certificateFile, Path keyFile, Clock clock, SecureRandom random) {
        this.certificateFile = certificateFile;
        this.clock = clock;
        this.random = random;
        if (!Files.exists(certificateFile) || !Files.exists(keyFile)) {
            var pair = newPair();
            PrivateFiles.write(keyFile, Pem.of(pair.getPrivate()));
            PrivateFiles.write(certificateFile, Pem.of(selfSigned(pair)));
        }
        this.certificate = Pem.certificate(certificateFile);
        this.key = Pem.privateKey(keyFile);
    }

    public Path certificateFile() {
        return certificateFile;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** The identity of one part, valid as server and client; made or renewed if needed. */
    public Identity identity(Path folder, String commonName) {
        var identity = Identity.in(folder, certificateFile);
        if (!usable(identity)) {
            var pair = newPair();
            var leaf = sign(pair, commonName);
            PrivateFiles.write(identity.key(), Pem.of(pair.getPrivate()));
            PrivateFiles.write(identity.certificate(), Pem.of(leaf));
            PrivateFiles.write(identity.keyAndCertificate(), Pem.of(pair.getPrivate()) + Pem.of(leaf));
        }
        return identity;
    }

    private boolean usable(Identity identity) {
        if (!Files.exists(identity.keyAndCertificate())
                || !Files.exists(identity.key())
                || !Files.exists(identity.certificate())) {
            return false;
        }
        var leaf = Pem.certificate(identity.certificate());
        try {
            leaf.verify(certificate.getPublicKey());
        } catch (GeneralSecurityException e) {
            return false;
        }
        return leaf.getNotAfter().toInstant().isAfter(clock.instant().plus(RENEW_BEFORE));
    }

    private X509Certificate selfSigned(KeyPair pair) {
        try {
            var builder = builder(NAME, pair, OWN_LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return finish(builder, pair.getPrivate());
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate sign(KeyPair pair, String commonName) {
        var names = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        });
        var purposes = new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        try {
            var builder = builder(new X500Principal("CN=" + commonName), pair, LEAF_LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes))
                    .addExtension(Extension.subjectAlternativeName, false, names);
            return finish(builder, key);
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    private JcaX509v3CertificateBuilder builder(X500Principal subject, KeyPair pair, Duration life) {
        var now = clock.instant();
        return new JcaX509v3CertificateBuilder(
                NAME,
                new BigInteger(120, random).setBit(119),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(life)),
                subject,
                pair.getPublic());
    }

    private static X509Certificate finish(org.bouncycastle.cert.X509v3CertificateBuilder builder, PrivateKey signer) {
        try {
            var holder = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer));
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        }
    }

    private KeyPair newPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no P-256", e);
        }
    }
}
