package org.domicile.client.restic;

import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The last few packs of trees, whole. Who reads one folder's tree reads its neighbours next, and they are in the same pack: one
 * request instead of hundreds. Holds one pack, or more of together 12 MiB. Safe for threads.
 */
final class TreePacks {
    private static final int KEPT_BYTES = 12 << 20;

    private final Backend backend;
    /** The one that was used longest ago is first. */
    private final Map<Id, byte[]> packs = new LinkedHashMap<>(8, 0.75f, true);

    private final Set<Id> unreadable = new HashSet<>();
    private long kept;

    TreePacks(Backend backend) {
        this.backend = backend;
    }

    /** Empty for a pack that cannot be read whole: parts of it may still be. */
    synchronized Optional<byte[]> get(Id pack) {
        if (unreadable.contains(pack)) {
            return Optional.empty();
        }
        byte[] content = packs.get(pack);
        return content == null ? load(pack) : Optional.of(content);
    }

    private Optional<byte[]> load(Id pack) {
        try {
            byte[] content = backend.load(FileType.PACK, pack.toString());
            makeRoom(content.length);
            packs.put(pack, content);
            kept += content.length;
            return Optional.of(content);
        } catch (IOException e) {
            unreadable.add(pack);
            return Optional.empty();
        }
    }

    private void makeRoom(int bytes) {
        Iterator<byte[]> oldest = packs.values().iterator();
        while (oldest.hasNext() && kept + bytes > KEPT_BYTES) {
            kept -= oldest.next().length;
            oldest.remove();
        }
    }
}
