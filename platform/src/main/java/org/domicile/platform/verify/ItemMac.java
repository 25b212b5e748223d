package org.domicile.platform.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 under the move's key, over lengths and texts, so that no two records give the same bytes. */
final class ItemMac {
    private static final String DOMAIN = "domicile inventory";

    private final Mac mac;

    /** Not for several threads at once. */
    ItemMac(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String of(String name, InventoryItem item) {
        text(DOMAIN);
        text(name);
        text(item.key());
        text(Long.toString(item.version()));
        text(item.content());
        return HexFormat.of().formatHex(mac.doFinal());
    }

    private void text(String text) {
        var bytes = text.getBytes(UTF_8);
        mac.update((bytes.length + ":").getBytes(UTF_8));
        mac.update(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
