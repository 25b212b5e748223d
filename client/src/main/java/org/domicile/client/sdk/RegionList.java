package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.domicile.client.http.Http;

/**
 * All regions, and the two origins that are the same from everywhere.
 *
 * @param push where device sockets and push messages go, whatever the region
 * @param backup where repositories are, whatever the region
 */
public record RegionList(Map<String, Region> regions, URI push, URI backup) {

    /** Asks the account service of any region. */
    public static RegionList fetch(Http http, URI accountService) throws IOException {
        URI uri = URI.create(accountService.toString().replaceAll("/+$", "") + "/v1/regions");
        return parse(
                Json.parse(http.send(HttpRequest.newBuilder(uri).GET().build()).body()));
    }

    /** Accepts both forms in use: an array of regions with their ids, and an object by id. */
    public static RegionList parse(JsonNode json) throws IOException {
        Map<String, Region> regions = new LinkedHashMap<>();
        JsonNode entries = json.path("regions");
        if (entries.isArray()) {
            for (JsonNode entry : entries) {
                String id = entry.path("id").asText();
                regions.put(id, Region.parse(id, entry));
            }
        } else {
            for (Map.Entry<String, JsonNode> entry : entries.properties()) {
                regions.put(entry.getKey(), Region.parse(entry.getKey(), entry.getValue()));
            }
        }
        if (regions.isEmpty()) {
            throw new IOException("The region list names no region");
        }
        return new RegionList(regions, uri(json, "push"), uri(json, "backup"));
    }

    private static URI uri(JsonNode json, String name) {
        return json.path(name).isTextual() ? URI.create(json.path(name).asText()) : null;
    }

    /** @throws IOException for a region that the list does not name */
    public Region get(String id) throws IOException {
        Region region = regions.get(id);
        if (region == null) {
            throw new IOException(
                    "There is no region " + id + ": the regions are " + String.join(", ", regions.keySet()));
        }
        return region;
    }

    public Region any() {
        return regions.values().iterator().next();
    }

    /** Where the service signs URLs for direct transfer of the repository's packs. */
    public URI direct(String name) {
        return URI.create(backup.toString().replaceAll("/+$", "") + "/direct/" + name + "/");
    }

    /** The repository's address for any restic client; stays the same when the account moves. */
    public URI repository(String name) {
        return URI.create(backup.toString().replaceAll("/+$", "") + "/restic/" + name + "/");
    }
}
