package org.domicile.messaging.subscription;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.messaging.MessagingConfig;
import org.domicile.platform.account.AccountId;
import org.jboss.logging.Logger;

/**
 * Spells capabilities in URLs. Only this deployment's services can tell whose one is, or that two are one person's (RFC 8030 section 8).
 * The 41 bytes, in base64url without padding, are
 *
 * <pre>
 *   AES-256(account XOR first 16 bytes of HMAC-SHA256(token))   16 bytes
 *   token                                                       24 bytes
 *   id of the key                                                1 byte
 * </pre>
 *
 * with both keys derived from one of 32 bytes that every region has. Under one key a capability is spelled one way. What was spelled before
 * there were such keys, the account in clear and the token, is read too, and spelled while no key is the current one.
 */
@ApplicationScoped
public class RoutingKeys {
    private static final int ACCOUNT = 16;
    private static final int LENGTH = ACCOUNT + Capability.RANDOM_BYTES + 1;
    private static final int KEY = 32;
    private static final int MOST = 255;

    private static final Logger LOG = Logger.getLogger(RoutingKeys.class);

    private final Map<Byte, Key> keys;
    /** null = none yet: some instance or region does not read what they spell */
    private final Byte current;

    @Inject
    public RoutingKeys(MessagingConfig config) {
        this(
                config.routingKeys()
                        .orElseThrow(
                                () -> new IllegalStateException(
                                        "domicile.messaging.routing-keys is missing: name the file of"
                                                + " the keys that push endpoints are spelled with, the same in every region, see docs/keys.md")));
    }

    RoutingKeys() {
        this.keys = Map.of();
        this.current = null;
    }

    /** @param file {@code {"current":"1","keys":{"1":KEY}}}: ids from 1 to 255, each KEY 32 bytes in base64; "current" may be missing */
    RoutingKeys(Path file) {
        var json = read(file);
        this.keys = new HashMap<>();
        var all = json.getJsonObject("keys", new JsonObject());
        for (var id : all.fieldNames()) {
            keys.put(id(file, id), Key.of(bytes(file, id, all.getString(id))));
        }
        this.current = json.containsKey("current") ? (Byte) id(file, json.getString("current")) : null;
        if (keys.isEmpty() || current != null && !keys.containsKey(current)) {
            throw unusable(file, "\"current\" must name one of \"keys\"");
        }
    }

    /** The keys are looked for now, not at the first message. */
    void start(@Observes StartupEvent event) {
        LOG.infof("routing keys count=%d", keys.size());
    }

    /** The last segment of the capability's URL: the secret itself. */
    public String text(Capability capability) {
        return text(bytes(capability));
    }

    /** The same before it is spelled, to be stored where it must be told later. */
    public byte[] bytes(Capability capability) {
        var account = capability.account().value();
        var clear = ByteBuffer.allocate(ACCOUNT)
                .putLong(account.getMostSignificantBits())
                .putLong(account.getLeastSignificantBits())
                .array();
        var token = capability.token();
        if (current == null) {
            return ByteBuffer.allocate(Capability.LENGTH).put(clear).put(token).array();
        }
        return ByteBuffer.allocate(LENGTH)
                .put(keys.get(current).block(Cipher.ENCRYPT_MODE, clear, token))
                .put(token)
                .put(current)
                .array();
    }

    /** Spells what {@link #bytes} gave. */
    public static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The capability that the last segment of a URL spells; empty if it spells none, or under a key that is not known. */
    public Optional<Capability> parse(String text) {
        try {
            var bytes = Base64.getUrlDecoder().decode(text);
            return text(bytes).equals(text) ? parse(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Capability> parse(byte[] bytes) {
        if (bytes.length == Capability.LENGTH) {
            return Optional.of(Capability.of(bytes));
        }
        if (bytes.length != LENGTH || !keys.containsKey(bytes[LENGTH - 1])) {
            return Optional.empty();
        }
        var token = Arrays.copyOfRange(bytes, ACCOUNT, LENGTH - 1);
        var account = ByteBuffer.wrap(
                keys.get(bytes[LENGTH - 1]).block(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, ACCOUNT), token));
        return Optional.of(Capability.of(new AccountId(new UUID(account.getLong(), account.getLong())), token));
    }

    private static byte id(Path file, String text) {
        if (text.matches("\\d{1,3}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= MOST) {
            return (byte) Integer.parseInt(text);
        }
        throw unusable(file, "a key's id is a number from 1 to " + MOST);
    }

    private static byte[] bytes(Path file, String id, String base64) {
        try {
            var key = Base64.getDecoder().decode(base64);
            if (key.length == KEY) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // said below, without the text
        }
        throw unusable(file, "the key \"" + id + "\" must be " + KEY + " bytes in base64");
    }

    private static JsonObject read(Path file) {
        try {
            return new JsonObject(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the routing keys " + file, e);
        } catch (DecodeException e) {
            throw unusable(file, "it is not JSON");
        }
    }

    private static IllegalStateException unusable(Path file, String what) {
        return new IllegalStateException("the routing keys " + file + " cannot be used: " + what);
    }

    /** @param mac the prototype of a keyed MAC */
    private record Key(SecretKeySpec cipher, Mac mac) {
        static Key of(byte[] secret) {
            try {
                var derive = keyed(secret);
                return new Key(
                        new SecretKeySpec(derive.doFinal("push-route:cipher".getBytes(US_ASCII)), "AES"),
                        keyed(derive.doFinal("push-route:mask".getBytes(US_ASCII))));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** One block whose initialisation vector the token gives. */
        byte[] block(int mode, byte[] block, byte[] token) {
            try {
                var mask = ((Mac) mac.clone()).doFinal(token);
                var aes = Cipher.getInstance("AES/CBC/NoPadding");
                aes.init(mode, cipher, new IvParameterSpec(mask, 0, ACCOUNT));
                return aes.doFinal(block);
            } catch (GeneralSecurityException | CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static Mac keyed(byte[] secret) throws GeneralSecurityException {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac;
        }

        /** Redacted. */
        @Override
        public String toString() {
            return "Key[…]";
        }
    }
}
