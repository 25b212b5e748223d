package org.domicile.account.consent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HexFormat;
import java.util.Locale;
import org.domicile.account.profile.Identifier;
import org.domicile.account.profile.IdentifierIndex;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.Kms;

/**
 * By which keyed hashes an account can be found: hex HMAC-SHA256, under the index key that its entries in the region's own index are
 * under, of {@code discover:phone:+65…} or {@code discover:email:…}. Published with a granted {@code discoverability} and no other way; the numbers themselves never are.
 */
@ApplicationScoped
public class DiscoveryIndex {
    private final ProfileStore profiles;
    private final IdentifierIndex index;
    private final Kms kms;

    @Inject
    public DiscoveryIndex(ProfileStore profiles, IdentifierIndex index, Kms kms) {
        this.profiles = profiles;
        this.index = index;
        this.kms = kms;
    }

    Uni<JsonArray> of(SqlConnection connection, AccountId account) {
        return index.indexKey(connection, account)
                .flatMap(key -> profiles.read(connection, account).flatMap(profile -> Multi.createFrom()
                        .iterable(profile.identifiers())
                        .onItem()
                        .transformToUniAndConcatenate(
                                identifier -> kms.indexMac(key, text(identifier).getBytes(UTF_8)))
                        .map(HexFormat.of()::formatHex)
                        .collect()
                        .in(JsonArray::new, JsonArray::add)));
    }

    private static String text(Identifier identifier) {
        return "discover:" + identifier.kind().name().toLowerCase(Locale.ROOT) + ":" + identifier.value();
    }
}
