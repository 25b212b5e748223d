package org.domicile.platform.region;

import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.PublicKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.domicile.platform.crypto.Ed25519Keys;
import org.domicile.platform.crypto.SignedDocument;

/** The signed list of regions, read and verified at start; a list with a wrong signature refuses to start. */
@ApplicationScoped
public class Regions {
    private final Map<String, Region> regions = new LinkedHashMap<>();
    private final Map<String, PublicKey> signingKeys = new LinkedHashMap<>();
    private final String self;
    private final JsonObject list;

    @Inject
    public Regions(RegionsConfig config, ServiceIdentity identity) {
        this.self = identity.region();
        this.list = read(config);
        for (Object entry : list.getJsonArray("regions")) {
            var region = region((JsonObject) entry);
            regions.put(region.id(), region);
            signingKeys.put(region.id(), Ed25519Keys.publicKey(region.signingKey()));
        }
        if (!regions.containsKey(self)) {
            throw new IllegalStateException(
                    "domicile.region is \"" + self + "\", which the region list " + config.file() + " does not name");
        }
    }

    /** For the CDI proxy only. */
    Regions() {
        this.self = null;
        this.list = null;
    }

    public Region self() {
        return regions.get(self);
    }

    public boolean isSelf(String id) {
        return self.equals(id);
    }

    /** @throws UnknownRegion if the list does not name it */
    public Region get(String id) {
        return find(id).orElseThrow(() -> new UnknownRegion(id));
    }

    public Optional<Region> find(String id) {
        return Optional.ofNullable(regions.get(id));
    }

    public Collection<Region> all() {
        return regions.values();
    }

    /** The key with which the region's migration-service signs commands, batons and receipts. */
    public PublicKey signingKey(String id) {
        get(id);
        return signingKeys.get(id);
    }

    /** The payload of a document signed by the region that it names in {@code kid}, if the list names that region. */
    public JsonObject verify(String jws) {
        var signer = SignedDocument.claimedKeyId(jws);
        if (!regions.containsKey(signer)) {
            throw new SignedDocument.InvalidSignature("signed by a region that is not on the list");
        }
        return SignedDocument.verify(jws, signingKeys.get(signer));
    }

    /** The region-neutral push origin: VAPID's {@code aud}, and the base of every push endpoint. */
    public URI pushOrigin() {
        return URI.create(list.getString("push"));
    }

    /** The region-neutral origin for stock backup clients. */
    public URI backupOrigin() {
        return URI.create(list.getString("backup"));
    }

    private static JsonObject read(RegionsConfig config) {
        try {
            return SignedDocument.verify(Files.readString(config.file()).strip(), Ed25519Keys.publicKey(config.key()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the region list " + config.file(), e);
        } catch (SignedDocument.InvalidSignature e) {
            throw new IllegalStateException(
                    "the region list " + config.file() + " is not signed by the key of " + config.key()
                            + ": sign it again or correct domicile.regions.key",
                    e);
        }
    }

    private static Region region(JsonObject json) {
        return new Region(
                json.getString("id"),
                json.getString("jurisdiction"),
                URI.create(json.getString("issuer")),
                json.getString("clientId"),
                urls(json.getJsonObject("public")),
                urls(json.getJsonObject("peer")),
                json.getString("signingKey"));
    }

    private static Map<String, URI> urls(JsonObject json) {
        var urls = new LinkedHashMap<String, URI>();
        json.forEach(e -> urls.put(e.getKey(), URI.create((String) e.getValue())));
        return Map.copyOf(urls);
    }

    /** A region that the signed list does not name. */
    public static final class UnknownRegion extends IllegalArgumentException {
        public UnknownRegion(String id) {
            super("the region list does not name \"" + id + "\"");
        }
    }
}
