package org.domicile.client.restic;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One folder: its entries, sorted by the bytes of their names. */
record Tree(List<Node> nodes) {
    static final Tree EMPTY = new Tree(List.of());

    static Tree decode(byte[] json) throws RepositoryException {
        try {
            return Json.MAPPER.readValue(json, Tree.class);
        } catch (IOException e) {
            throw new RepositoryException("A folder in the repository is not readable", e);
        }
    }

    /** The JSON and the line end that restic puts after it: equal folders make equal blobs. */
    byte[] encode() {
        try {
            return (Json.MAPPER.writeValueAsString(this) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By quoted name. */
    Map<String, Node> byName() {
        Map<String, Node> map = new HashMap<>();
        nodes.forEach(node -> map.put(node.name(), node));
        return map;
    }
}
