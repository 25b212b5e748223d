package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** A receipt: JSON signed by a region with Ed25519, as a compact JWS (RFC 7515, RFC 8037). Checked without a network. */
public record SignedReceipt(String keyId, JsonNode payload) {

    /**
     * @param regions knows the regions' signing keys
     * @throws IOException when it was not signed by the region that it names, or was changed
     */
    public static SignedReceipt verify(String jws, RegionList regions) throws IOException {
        String[] parts = jws.strip().split("\\.", -1);
        try {
            JsonNode header = parts.length == 3 ? Json.parse(decode(parts[0])) : Json.object();
            if (!"EdDSA".equals(header.path("alg").asText())) {
                throw new IOException("This is not a receipt: expected a compact JWS signed with EdDSA");
            }
            String keyId = header.path("kid").asText();
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key(regions.get(keyId)));
            verifier.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            if (!verifier.verify(decode(parts[2]))) {
                throw new IOException("The receipt is not genuine: its signature is not that of " + keyId);
            }
            return new SignedReceipt(keyId, Json.parse(decode(parts[1])));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("The receipt is damaged: its signature cannot be checked", e);
        }
    }

    /** @throws IOException if the list does not tell the region's key, or something else in its place */
    static PublicKey key(Region region) throws IOException {
        if (region.signingKey() == null) {
            throw new IOException(
                    "The signing key of " + region.id() + " is not known: give the region list that has it");
        }
        try {
            byte[] encoded = Base64.getDecoder().decode(region.signingKey());
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("The region list has no Ed25519 key for " + region.id(), e);
        }
    }

    private static byte[] decode(String part) {
        return Base64.getUrlDecoder().decode(part);
    }
}
