package org.domicile.platform.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.domicile.platform.crypto.SignedDocument;

/** The regions of a test run, with the keys of their migration-services, and their signed list. */
public final class TestRegions {
    public static final String CN = "cn-north";
    public static final String SG = "ap-southeast";

    private static final Map<String, KeyPair> KEYS = Map.of(CN, TestAuthority.ed25519(), SG, TestAuthority.ed25519());
    private static final KeyPair LIST_KEY = TestAuthority.ed25519();

    private TestRegions() {}

    public static PrivateKey signingKey(String region) {
        return KEYS.get(region).getPrivate();
    }

    public static PublicKey publicKey(String region) {
        return KEYS.get(region).getPublic();
    }

    /** Signs a document as a region's migration-service does. */
    public static String sign(String region, JsonObject payload) {
        return SignedDocument.sign(payload, region, signingKey(region));
    }

    public static Path listKey(TestAuthority authority) {
        return authority.write("regions.pub", "PUBLIC KEY", LIST_KEY.getPublic());
    }

    /** @param peers {@code <region>.<service>} → peer base URL; what is missing gets an address nobody listens on */
    public static Path list(Path folder, Map<String, String> peers) {
        var regions = new JsonArray();
        for (var region : new String[] {CN, SG}) {
            regions.add(new JsonObject()
                    .put("id", region)
                    .put("jurisdiction", region.equals(CN) ? "CN" : "SG")
                    .put("issuer", "https://localhost:1/realms/domicile")
                    .put("clientId", "domicile-device")
                    .put("public", urls(region, "https://" + region + ".test/", Map.of()))
                    .put("peer", urls(region, "https://localhost:1/", peers))
                    .put(
                            "signingKey",
                            Base64.getEncoder()
                                    .encodeToString(KEYS.get(region).getPublic().getEncoded())));
        }
        var list = new JsonObject()
                .put("version", 1)
                .put("regions", regions)
                .put("push", "https://push.test")
                .put("backup", "https://backup.test");
        try {
            return Files.writeString(
                    folder.resolve("regions-" + System.nanoTime() + ".jws"),
                    SignedDocument.sign(list, "list", LIST_KEY.getPrivate()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject urls(String region, String base, Map<String, String> given) {
        var urls = new LinkedHashMap<String, Object>();
        for (var service : new String[] {"account", "backup", "messaging", "migration"}) {
            urls.put(service, given.getOrDefault(region + "." + service, base + service));
        }
        given.forEach((name, url) -> {
            if (name.startsWith(region + ".")) {
                urls.put(name.substring(region.length() + 1), url);
            }
        });
        return new JsonObject(urls);
    }
}
