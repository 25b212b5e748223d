package org.domicile.backup.webdav;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * What a client said of a resource; stored encrypted.
 *
 * @param mediaType as sent with the content; null if there was none
 * @param dead properties that the server keeps without knowing them: name → the property's XML element
 */
record Details(String name, String mediaType, Map<PropertyName, String> dead) {
    static final String FIELD = "webdav resource";
    private static final int MAX_LENGTH = 256 << 10;

    Details {
        dead = Map.copyOf(dead);
    }

    static Details of(String name) {
        return new Details(name, null, Map.of());
    }

    Details named(String other) {
        return new Details(other, mediaType, dead);
    }

    Details typed(String other) {
        return new Details(name, other, dead);
    }

    Details with(Map<PropertyName, String> properties) {
        return new Details(name, mediaType, properties);
    }

    byte[] encrypted(DavCipher cipher) {
        var json = new JsonObject().put("name", name);
        if (mediaType != null) {
            json.put("mediaType", mediaType);
        }
        if (!dead.isEmpty()) {
            var properties = new JsonObject();
            dead.forEach((key, value) -> properties.put(key.toString(), value));
            json.put("properties", properties);
        }
        var text = json.encode();
        if (text.length() > MAX_LENGTH) {
            throw new ProblemException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "Keep the properties of a resource below 256 KiB together.");
        }
        return cipher.encrypt(FIELD, text);
    }

    static Details decrypt(DavCipher cipher, byte[] ciphertext) {
        var json = new JsonObject(cipher.decrypt(FIELD, ciphertext));
        var dead = new LinkedHashMap<PropertyName, String>();
        json.getJsonObject("properties", new JsonObject())
                .forEach(e -> dead.put(PropertyName.parse(e.getKey()), (String) e.getValue()));
        return new Details(json.getString("name"), json.getString("mediaType"), dead);
    }

    @Override
    public String toString() {
        return "Details[redacted]";
    }
}
