package org.domicile.platform.participant;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The MAC of a record under a move's own key: HMAC-SHA256 over class, key, version and the data as JSON with sorted members.
 * Plain hashes of phone numbers could be guessed; these say nothing once the key is destroyed.
 */
public final class RecordMac {
    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .build();

    private final SecretKeySpec key;

    /** @param key of one move */
    public RecordMac(byte[] key) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    public byte[] of(String recordClass, DataRecord record) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(recordClass.getBytes(UTF_8));
            mac.update((byte) 0);
            mac.update(record.key().getBytes(UTF_8));
            mac.update((byte) 0);
            mac.update(Long.toString(record.version()).getBytes(UTF_8));
            mac.update((byte) 0);
            // read back as plain maps, whose members the mapper then sorts at every depth
            var plain = CANONICAL.readValue(record.data().encode(), Map.class);
            return mac.doFinal(CANONICAL.writeValueAsBytes(plain));
        } catch (GeneralSecurityException | JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
