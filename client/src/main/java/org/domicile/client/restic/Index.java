package org.domicile.client.restic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where every blob is. In memory, about 200 bytes a blob. Safe for threads. */
final class Index {

    /** A pack and the blobs in it, in the order of their offsets or not. */
    record PackEntry(Id pack, List<PackedBlob> blobs) {}

    record Location(Id pack, PackedBlob blob) {}

    private final Map<BlobType, Map<Id, Location>> blobs = new EnumMap<>(BlobType.class);
    private final Map<BlobType, Set<Id>> claimed = new EnumMap<>(BlobType.class);
    private final Set<Id> packs = ConcurrentHashMap.newKeySet();

    Index() {
        for (BlobType type : BlobType.values()) {
            blobs.put(type, new ConcurrentHashMap<>());
            claimed.put(type, ConcurrentHashMap.newKeySet());
        }
    }

    void add(PackEntry entry) {
        packs.add(entry.pack());
        for (PackedBlob blob : entry.blobs()) {
            blobs.get(blob.type()).putIfAbsent(blob.id(), new Location(entry.pack(), blob));
            claimed.get(blob.type()).remove(blob.id());
        }
    }

    Optional<Location> find(BlobType type, Id id) {
        return Optional.ofNullable(blobs.get(type).get(id));
    }

    /** True for exactly one caller per blob that is not stored yet: that one stores it. */
    boolean claim(BlobType type, Id id) {
        return !blobs.get(type).containsKey(id)
                && claimed.get(type).add(id)
                && !blobs.get(type).containsKey(id);
    }

    boolean contains(BlobType type, Id id) {
        return blobs.get(type).containsKey(id);
    }

    boolean containsPack(Id pack) {
        return packs.contains(pack);
    }

    /** All blobs by pack, for a full read. */
    Collection<PackEntry> byPack() {
        Map<Id, List<PackedBlob>> grouped = new ConcurrentHashMap<>();
        blobs.values().forEach(map -> map.values()
                .forEach(location -> grouped.computeIfAbsent(location.pack(), pack -> new ArrayList<>())
                        .add(location.blob())));
        List<PackEntry> entries = new ArrayList<>();
        packs.forEach(pack -> entries.add(new PackEntry(pack, grouped.getOrDefault(pack, List.of()))));
        return entries;
    }
}
