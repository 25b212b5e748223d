package org.domicile.participant;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The canonical form of a record and the digest of a class of data, as the guide says. */
final class Canonical {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Canonical() {}

    /** Members by the code units of their names at every depth, no space; strings as they are but for what JSON must escape. */
    static String json(JsonNode value) {
        var out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(JsonNode value, StringBuilder out) {
        if (value.isObject()) {
            var names = new TreeMap<String, JsonNode>();
            value.fields().forEachRemaining(e -> names.put(e.getKey(), e.getValue()));
            var separator = "{";
            for (var entry : names.entrySet()) {
                out.append(separator).append(text(entry.getKey())).append(':');
                write(entry.getValue(), out);
                separator = ",";
            }
            out.append(names.isEmpty() ? "{}" : "}");
        } else if (value.isArray()) {
            var separator = "[";
            for (var item : value) {
                out.append(separator);
                write(item, out);
                separator = ",";
            }
            out.append(value.isEmpty() ? "[]" : "]");
        } else {
            out.append(value.isTextual() ? text(value.textValue()) : value.toString());
        }
    }

    private static String text(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** HMAC-SHA256 over class, key, version and data, with a zero byte between them. */
    static byte[] mac(byte[] key, String recordClass, Rec record) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((recordClass + "\0" + record.key() + "\0" + record.version() + "\0" + json(record.data()))
                    .getBytes(UTF_8));
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SHA-256, in hex, over the MACs in the order of the keys' bytes. */
    static String digest(byte[] key, String recordClass, Collection<Rec> records) {
        var macs = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        records.forEach(r -> macs.put(r.key().getBytes(UTF_8), mac(key, recordClass, r)));
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            macs.values().forEach(sha256::update);
            return HexFormat.of().formatHex(sha256.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
