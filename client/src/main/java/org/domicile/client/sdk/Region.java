package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;

/**
 * One region, as a client sees it.
 *
 * @param issuer the identity provider's realm
 * @param clientId the public OAuth client for devices
 * @param services base addresses
 * @param signingKey base64 of the X.509 Ed25519 key that signs receipts there; null where the source does not tell
 */
public record Region(String id, URI issuer, String clientId, Map<Service, URI> services, String signingKey) {

    /** From the entry of a region list ({@code public} holds the addresses) or of {@code stack.json} (they are beside the issuer). */
    static Region parse(String id, JsonNode json) throws IOException {
        JsonNode addresses = json.has("public") ? json.path("public") : json;
        Map<Service, URI> services = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            if (addresses.path(service.id()).isTextual()) {
                services.put(service, URI.create(addresses.path(service.id()).asText()));
            }
        }
        if (!json.path("issuer").isTextual() || services.isEmpty()) {
            throw new IOException("The region list names " + id + " without an issuer or addresses");
        }
        return new Region(
                id,
                URI.create(json.path("issuer").asText()),
                json.path("clientId").asText("domicile-device"),
                services,
                json.path("signingKey").asText(null));
    }

    /** The address of a path at a service here. */
    public URI uri(Service service, String path) {
        URI base = services.get(service);
        if (base == null) {
            throw new IllegalStateException("The region " + id + " has no " + service.id() + " service");
        }
        return URI.create(base.toString().replaceAll("/+$", "") + path);
    }
}
