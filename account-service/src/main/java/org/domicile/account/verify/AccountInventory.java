package org.domicile.account.verify;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.domicile.account.identity.Identities;
import org.domicile.account.identity.IdentityLookup;
import org.domicile.account.key.AccountKeys;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.verify.InventoryClass;
import org.domicile.platform.verify.TableInventory;

/** Every class of data of this service and of the region's Keycloak, for the comparison of both sides of a move. */
@ApplicationScoped
public class AccountInventory {
    private final List<InventoryClass> classes;
    private final IdentityLookup lookup;

    @Inject
    public AccountInventory(AccountKeys keys, Identities identities, IdentityLookup lookup) {
        this.lookup = lookup;
        this.classes = List.of(
                new EncryptedInventory(
                        keys, "profile", "account", Map.of("email", "email", "phone", "phone", "name", "name")),
                new TableInventory("consents", "consent"),
                new EncryptedInventory(
                        keys, "devices", "device", Map.of("name", "device.name", "model", "device.model")),
                new TableInventory("erasures", "erasure", "said_at"),
                new TableInventory("activity", "activity"),
                new TableInventory("security-events", "security_event"),
                new TableInventory("notices", "notice", "try_at", "tries", "sent_to"),
                new IdentityInventory(identities));
    }

    AccountInventory() {
        this.classes = List.of();
        this.lookup = null;
    }

    /** What is left of an account outside PostgreSQL and Kafka: place → count. */
    public Uni<SortedMap<String, Long>> identities(AccountId account) {
        return lookup.exists(account).map(there -> new TreeMap<>(Map.of("identity provider", there ? 1L : 0L)));
    }

    public List<InventoryClass> classes() {
        return classes;
    }
}
