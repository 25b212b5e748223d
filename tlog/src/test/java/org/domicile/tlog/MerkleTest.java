package org.domicile.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against the recursive definitions of RFC 6962, written down here as they stand there, for every tree of up to 40 leaves. */
class MerkleTest {
    private static final int MOST = 40;
    private static final List<byte[]> ENTRIES = entries(MOST);
    private static final Map<TreeRange, TreeHash> NODES = nodes(ENTRIES);

    @Test
    void the_root_of_the_published_test_tree() {
        var hex = HexFormat.of();
        var published = List.of(
                        "",
                        "00",
                        "10",
                        "2021",
                        "3031",
                        "40414243",
                        "5051525354555657",
                        "606162636465666768696a6b6c6d6e6f")
                .stream()
                .map(hex::parseHex)
                .toList();

        assertEquals(
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
                hex.formatHex(Merkle.root(8, nodes(published)).bytes()));
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                hex.formatHex(Merkle.root(0, Map.of()).bytes()));
    }

    @Test
    void roots_are_those_of_the_definition() {
        for (var size = 1; size <= MOST; size++) {
            assertEquals(mth(ENTRIES.subList(0, size)), Merkle.root(size, only(Merkle.ofRoot(size))), "size " + size);
        }
    }

    @Test
    void every_leaf_is_proved_and_nothing_else() {
        for (var size = 1; size <= MOST; size++) {
            var root = mth(ENTRIES.subList(0, size));
            for (var index = 0; index < size; index++) {
                var proof = Merkle.inclusion(index, size, only(Merkle.ofInclusion(index, size)));
                assertEquals(path(index, ENTRIES.subList(0, size)), proof);
                var leaf = TreeHash.leaf(ENTRIES.get(index));
                assertTrue(Merkle.isIncluded(leaf, index, size, proof, root));

                assertFalse(Merkle.isIncluded(TreeHash.leaf(new byte[] {1}), index, size, proof, root));
                assertFalse(Merkle.isIncluded(leaf, index, size, proof, TreeHash.empty()));
                assertFalse(Merkle.isIncluded(leaf, index + 1, size, proof, root) && size > 1);
                for (var wrong : spoiled(proof)) {
                    assertFalse(Merkle.isIncluded(leaf, index, size, wrong, root), index + " of " + size);
                }
            }
            assertFalse(Merkle.isIncluded(root, size, size, List.of(), root));
        }
    }

    @Test
    void every_tree_is_proved_to_begin_with_every_smaller_one() {
        for (var newer = 0; newer <= MOST; newer++) {
            for (var older = 0; older <= newer; older++) {
                var proof = Merkle.consistency(older, newer, only(Merkle.ofConsistency(older, newer)));
                var olderRoot = older == 0 ? TreeHash.empty() : mth(ENTRIES.subList(0, older));
                var newerRoot = newer == 0 ? TreeHash.empty() : mth(ENTRIES.subList(0, newer));
                assertTrue(Merkle.isConsistent(older, olderRoot, newer, newerRoot, proof), older + " in " + newer);

                if (older > 0 && older < newer) {
                    assertFalse(Merkle.isConsistent(older, newerRoot, newer, olderRoot, proof));
                    assertFalse(Merkle.isConsistent(older, TreeHash.empty(), newer, newerRoot, proof));
                    assertFalse(Merkle.isConsistent(older, olderRoot, newer, TreeHash.empty(), proof));
                    for (var wrong : spoiled(proof)) {
                        assertFalse(
                                Merkle.isConsistent(older, olderRoot, newer, newerRoot, wrong), older + " in " + newer);
                    }
                }
            }
        }
        assertFalse(Merkle.isConsistent(2, TreeHash.empty(), 1, TreeHash.empty(), List.of()));
    }

    @Test
    void what_is_not_there_cannot_be_asked_for() {
        assertThrows(IllegalArgumentException.class, () -> Merkle.ofInclusion(3, 3));
        assertThrows(IllegalArgumentException.class, () -> Merkle.ofConsistency(4, 3));
        assertThrows(IllegalArgumentException.class, () -> Merkle.root(3, Map.of()));
    }

    /** MTH of RFC 6962 section 2.1. */
    private static TreeHash mth(List<byte[]> entries) {
        if (entries.size() == 1) {
            return TreeHash.leaf(entries.get(0));
        }
        var k = k(entries.size());
        return TreeHash.node(mth(entries.subList(0, k)), mth(entries.subList(k, entries.size())));
    }

    /** PATH of RFC 6962 section 2.1.1. */
    private static List<TreeHash> path(int m, List<byte[]> entries) {
        if (entries.size() == 1) {
            return List.of();
        }
        var k = k(entries.size());
        var left = entries.subList(0, k);
        var right = entries.subList(k, entries.size());
        var path = new ArrayList<>(m < k ? path(m, left) : path(m - k, right));
        path.add(m < k ? mth(right) : mth(left));
        return path;
    }

    private static int k(int n) {
        var k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }

    private static List<List<TreeHash>> spoiled(List<TreeHash> proof) {
        var all = new ArrayList<List<TreeHash>>();
        for (var i = 0; i < proof.size(); i++) {
            var changed = new ArrayList<>(proof);
            changed.set(i, TreeHash.leaf(new byte[] {9}));
            all.add(changed);
            var shorter = new ArrayList<>(proof);
            shorter.remove(i);
            all.add(shorter);
        }
        var longer = new ArrayList<>(proof);
        longer.add(TreeHash.empty());
        all.add(longer);
        return all;
    }

    /** A store that gives what was asked for and no more. */
    private static Map<TreeRange, TreeHash> only(Iterable<TreeRange> asked) {
        var given = new HashMap<TreeRange, TreeHash>();
        asked.forEach(range -> given.put(range, NODES.get(range)));
        return given;
    }

    private static Map<TreeRange, TreeHash> nodes(List<byte[]> entries) {
        var nodes = new HashMap<TreeRange, TreeHash>();
        for (var level = 0; 1 << level <= entries.size(); level++) {
            for (var index = 0; index + 1 << level <= entries.size(); index++) {
                nodes.put(new TreeRange(level, index), mth(entries.subList(index << level, index + 1 << level)));
            }
        }
        return nodes;
    }

    private static List<byte[]> entries(int count) {
        var entries = new ArrayList<byte[]>();
        for (var i = 0; i < count; i++) {
            entries.add(new byte[] {(byte) i, (byte) (i * i)});
        }
        return entries;
    }
}
