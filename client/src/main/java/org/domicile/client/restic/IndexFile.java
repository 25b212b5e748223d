package org.domicile.client.restic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A document in {@code index/}: some packs with their blobs (restic design, "Indexing"). */
final class IndexFile {
    private IndexFile() {}

    static ObjectNode encode(List<Index.PackEntry> packs) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode list = json.putArray("packs");
        for (Index.PackEntry pack : packs) {
            ObjectNode entry = list.addObject().put("id", pack.pack().toString());
            ArrayNode blobs = entry.putArray("blobs");
            for (PackedBlob blob : pack.blobs()) {
                ObjectNode item = blobs.addObject()
                        .put("id", blob.id().toString())
                        .put("type", blob.type().json())
                        .put("offset", blob.offset())
                        .put("length", blob.length());
                if (blob.compressed()) {
                    item.put("uncompressed_length", blob.uncompressedLength());
                }
            }
        }
        return json;
    }

    static List<Index.PackEntry> decode(JsonNode json) throws RepositoryException {
        List<Index.PackEntry> packs = new ArrayList<>();
        try {
            for (JsonNode pack : json.path("packs")) {
                List<PackedBlob> blobs = new ArrayList<>();
                for (JsonNode blob : pack.path("blobs")) {
                    blobs.add(new PackedBlob(
                            Id.parse(blob.path("id").asText()),
                            BlobType.fromJson(blob.path("type").asText()),
                            blob.path("offset").asInt(),
                            blob.path("length").asInt(),
                            blob.path("uncompressed_length").asInt()));
                }
                packs.add(new Index.PackEntry(Id.parse(pack.path("id").asText()), blobs));
            }
        } catch (IllegalArgumentException e) {
            throw new RepositoryException("An index file in the repository is damaged", e);
        }
        return packs;
    }
}
