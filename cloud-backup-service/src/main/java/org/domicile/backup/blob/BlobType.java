package org.domicile.backup.blob;

import java.util.Locale;
import java.util.Optional;

/** The kinds of files in a restic repository. All but the configuration are named by the SHA-256 of their content. */
public enum BlobType {
    DATA,
    KEYS,
    LOCKS,
    SNAPSHOTS,
    INDEX,
    CONFIG;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<BlobType> find(String id) {
        for (var type : values()) {
            if (type.id().equals(id)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Locks come and go with every command: deleting one leaves nothing that anybody would want back. */
    public boolean hasTrash() {
        return this != LOCKS;
    }
}
