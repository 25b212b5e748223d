package org.domicile.migration.command;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.security.PrivateKey;
import org.domicile.migration.move.MigrationConfig;
import org.domicile.platform.crypto.Ed25519Keys;
import org.domicile.platform.crypto.Ed25519Signature;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;

/** Signs for the region. Refuses to start with a key that the region list does not name: nobody would obey it. */
@ApplicationScoped
public class SigningKey {
    private final String region;
    private final PrivateKey key;

    @Inject
    public SigningKey(ServiceIdentity identity, MigrationConfig config) {
        this.region = identity.region();
        this.key = Ed25519Keys.privateKey(config.signingKey());
    }

    /** @return compact JWS whose {@code kid} is this region */
    public String sign(JsonObject payload) {
        return SignedDocument.sign(payload, region, key);
    }

    /** For signatures of other forms than JWS. @return 64 bytes */
    public byte[] sign(byte[] message) {
        return Ed25519Signature.sign(key, message);
    }

    void check(@Observes StartupEvent event, Regions regions) {
        try {
            regions.verify(sign(new JsonObject()));
        } catch (SignedDocument.InvalidSignature e) {
            throw new IllegalStateException(
                    "domicile.migration.signing-key is not the key that the region list names for " + region
                            + ": correct one of the two",
                    e);
        }
    }
}
