package org.domicile.backup.verify;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.domicile.backup.key.DataKeys;
import org.domicile.backup.webdav.DavInventories;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.verify.InventoryClass;
import org.domicile.platform.verify.TableInventory;

/** Every class of data of this service and its object store, for the comparison of both sides of a move. */
@ApplicationScoped
public class BackupInventory {
    private final List<InventoryClass> classes;
    private final ObjectListing objects;

    @Inject
    public BackupInventory(DataKeys keys, ObjectListing objects) {
        this.objects = objects;
        this.classes = List.of(
                // an owner names a repository
                new TableInventory("repositories", "repositories", true),
                new BlobInventory(objects),
                DavInventories.contents(keys, objects),
                DavInventories.resources(keys),
                new TableInventory("market", "account_market"));
    }

    BackupInventory() {
        this.classes = List.of();
        this.objects = null;
    }

    /** What the object store still has of an account: folder → objects. */
    public Uni<SortedMap<String, Long>> objects(AccountId account) {
        return objects.everywhere(account).map(folders -> {
            var places = new TreeMap<String, Long>();
            folders.forEach((folder, found) -> places.put("objects " + folder, found));
            return places;
        });
    }

    public List<InventoryClass> classes() {
        return classes;
    }
}
