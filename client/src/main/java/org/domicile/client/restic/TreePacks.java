package org.domicile.client.restic;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last few packs of trees, whole. Who reads one folder's tree reads its neighbours next, and they are in the same pack: one
 * request instead of hundreds. Holds at most three packs. Safe for threads.
 */
final class TreePacks {
    private static final int KEPT = 3;

    private final Backend backend;
    private final Map<Id, byte[]> packs = new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, byte[]> eldest) {
            return size() > KEPT;
        }
    };

    TreePacks(Backend backend) {
        this.backend = backend;
    }

    synchronized byte[] get(Id pack) throws IOException {
        byte[] content = packs.get(pack);
        if (content == null) {
            content = backend.load(FileType.PACK, pack.toString());
            packs.put(pack, content);
        }
        return content;
    }
}
