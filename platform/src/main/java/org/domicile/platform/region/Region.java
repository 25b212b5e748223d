package org.domicile.platform.region;

import java.net.URI;
import java.util.Map;

/**
 * One region of the signed list.
 *
 * @param jurisdiction ISO 3166 code of the law that holds there
 * @param publicUrls service name → base URL for clients
 * @param peerUrls service name → base URL of the mTLS listener for other regions
 * @param signingKey base64 of the X.509 Ed25519 public key of the region's migration-service
 */
public record Region(
        String id,
        String jurisdiction,
        URI issuer,
        String clientId,
        Map<String, URI> publicUrls,
        Map<String, URI> peerUrls,
        String signingKey) {}
