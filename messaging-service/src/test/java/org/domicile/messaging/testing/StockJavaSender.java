package org.domicile.messaging.testing;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import nl.martijndwars.webpush.Encoding;
import nl.martijndwars.webpush.Notification;
import nl.martijndwars.webpush.PushService;
import nl.martijndwars.webpush.Utils;
import org.bouncycastle.jce.interfaces.ECPrivateKey;
import org.bouncycastle.jce.interfaces.ECPublicKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jose4j.lang.JoseException;

/** The Java library nl.martijndwars:web-push with its own HTTP client, over TLS with the test's authority. */
public final class StockJavaSender {
    static {
        Security.addProvider(new BouncyCastleProvider());
        // the library's client takes the platform's default
        SSLContext.setDefault(Tls.context());
    }

    private final KeyPair keys = ecKeys();

    public String publicKey() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Utils.encode((ECPublicKey) keys.getPublic()));
    }

    public String privateKey() {
        var scalar = ((ECPrivateKey) keys.getPrivate()).getD().toByteArray();
        var bytes = new byte[32];
        var length = Math.min(scalar.length, bytes.length);
        System.arraycopy(scalar, scalar.length - length, bytes, bytes.length - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @return the HTTP status */
    public int send(String endpoint, Recipient recipient, String text) {
        return send(endpoint, recipient.p256dh(), recipient.auth(), text);
    }

    /** @param subscription as a browser's page passes it on. @return the HTTP status */
    public int send(JsonObject subscription, String text) {
        var keys = subscription.getJsonObject("keys");
        return send(subscription.getString("endpoint"), keys.getString("p256dh"), keys.getString("auth"), text);
    }

    private int send(String endpoint, String p256dh, String auth, String text) {
        try {
            var notification = new Notification(endpoint, p256dh, auth, text);
            return new PushService(keys, "mailto:sender@example.org")
                    .send(notification, Encoding.AES128GCM)
                    .getStatusLine()
                    .getStatusCode();
        } catch (GeneralSecurityException | java.io.IOException | JoseException | ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static KeyPair ecKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("ECDSA", "BC");
            generator.initialize(new ECGenParameterSpec("prime256v1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
