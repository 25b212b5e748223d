package org.domicile.platform.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** What an enumeration of one class found: key → version and MAC. */
final class ClassInventory {
    /** @param mac hex */
    record Entry(long version, String mac) {}

    /**
     * A class in short.
     *
     * @param digest hex SHA-256 over keys, versions and MACs in key order
     */
    record Summary(long count, String digest) {}

    private final TreeMap<String, Entry> entries = new TreeMap<>();

    void add(String key, long version, String mac) {
        entries.put(key, new Entry(version, mac));
    }

    Map<String, Entry> entries() {
        return entries;
    }

    /** Of the records up to a version. */
    Summary upTo(long version) {
        var digest = ItemMac.sha256();
        var count = 0L;
        for (var entry : entries.entrySet()) {
            if (entry.getValue().version() <= version) {
                count++;
                digest.update((entry.getKey() + "\n" + entry.getValue().version() + "\n"
                                + entry.getValue().mac() + "\n")
                        .getBytes(UTF_8));
            }
        }
        return new Summary(count, HexFormat.of().formatHex(digest.digest()));
    }
}
