package org.domicile.client.restic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What a repository is.
 *
 * @param version 1 or 2; only 2 compresses, and only 2 is written
 * @param id 64 hex digits, random
 */
record Config(int version, String id, Polynomial polynomial) {

    static Config random(SecureRandom random) {
        byte[] id = new byte[Id.LENGTH];
        random.nextBytes(id);
        return new Config(2, HexFormat.of().formatHex(id), Polynomial.random(random));
    }

    static Config decode(byte[] bytes) throws RepositoryException {
        JsonNode json = Json.parse(bytes);
        int version = json.path("version").asInt();
        if (version != 1 && version != 2) {
            throw new RepositoryException(
                    "The repository has format version " + version + "; this client reads 1 and 2");
        }
        return new Config(
                version,
                json.path("id").asText(),
                Polynomial.parse(json.path("chunker_polynomial").asText()));
    }

    byte[] encode() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("version", version).put("id", id).put("chunker_polynomial", polynomial.toString());
        return Json.bytes(json);
    }
}
