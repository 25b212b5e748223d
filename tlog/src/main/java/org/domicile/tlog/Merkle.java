package org.domicile.tlog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Roots and proofs of a Merkle tree (RFC 6962 section 2.1), and their verification (RFC 9162 sections 2.1.3.2 and 2.1.4.2). What
 * makes them says first which nodes it needs, so that a store can fetch these at once.
 */
public final class Merkle {
    private Merkle() {}

    /** Nodes that {@link #root} needs. */
    public static Set<TreeRange> ofRoot(long size) {
        return new LinkedHashSet<>(TreeRange.covering(0, size));
    }

    /** The root of the tree of the first {@code size} leaves. */
    public static TreeHash root(long size, Map<TreeRange, TreeHash> nodes) {
        return size == 0 ? TreeHash.empty() : joined(0, size, nodes::get);
    }

    /** Nodes that {@link #inclusion} needs. */
    public static Set<TreeRange> ofInclusion(long index, long size) {
        return nodes(siblings(index, size));
    }

    /** The proof that the leaf is in the tree of the first {@code size} leaves: from its sibling up to the root's child. */
    public static List<TreeHash> inclusion(long index, long size, Map<TreeRange, TreeHash> nodes) {
        return siblings(index, size).stream()
                .map(s -> joined(s.from, s.to, nodes::get))
                .toList();
    }

    /** Nodes that {@link #consistency} needs. */
    public static Set<TreeRange> ofConsistency(long older, long newer) {
        return nodes(between(older, newer));
    }

    /** The proof that the tree of {@code newer} leaves begins with that of {@code older}. Empty if either is empty or they are the same. */
    public static List<TreeHash> consistency(long older, long newer, Map<TreeRange, TreeHash> nodes) {
        return between(older, newer).stream()
                .map(s -> joined(s.from, s.to, nodes::get))
                .toList();
    }

    /** Whether the proof leads from the leaf to the root. */
    public static boolean isIncluded(TreeHash leaf, long index, long size, List<TreeHash> proof, TreeHash root) {
        if (index < 0 || index >= size) {
            return false;
        }
        var fn = index;
        var sn = size - 1;
        var hash = leaf;
        for (var sibling : proof) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                hash = TreeHash.node(sibling, hash);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = TreeHash.node(hash, sibling);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && hash.equals(root);
    }

    /** Whether the newer tree begins with the older one. */
    public static boolean isConsistent(
            long older, TreeHash olderRoot, long newer, TreeHash newerRoot, List<TreeHash> proof) {
        if (older < 0 || older > newer) {
            return false;
        }
        if (older == newer) {
            return proof.isEmpty() && olderRoot.equals(newerRoot);
        }
        if (older == 0) {
            return proof.isEmpty() && olderRoot.equals(TreeHash.empty());
        }
        var path = new ArrayList<>(proof);
        if (Long.bitCount(older) == 1) {
            path.add(0, olderRoot);
        }
        if (path.isEmpty()) {
            return false;
        }
        var fn = older - 1;
        var sn = newer - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        var first = path.get(0);
        var second = path.get(0);
        for (var hash : path.subList(1, path.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                first = TreeHash.node(hash, first);
                second = TreeHash.node(hash, second);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                second = TreeHash.node(second, hash);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && first.equals(olderRoot) && second.equals(newerRoot);
    }

    /** A subtree, not always perfect: the leaves of {@code [from, to)}. */
    private record Subtree(long from, long to) {}

    /** PATH(m, D[n]) of RFC 6962 section 2.1.1. */
    private static List<Subtree> siblings(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("there is no leaf " + index + " among " + size);
        }
        var downwards = new ArrayList<Subtree>();
        var from = 0L;
        var to = size;
        while (to - from > 1) {
            var middle = from + split(to - from);
            if (index < middle) {
                downwards.add(0, new Subtree(middle, to));
                to = middle;
            } else {
                downwards.add(0, new Subtree(from, middle));
                from = middle;
            }
        }
        return downwards;
    }

    /** PROOF(m, D[n]) of RFC 6962 section 2.1.2. */
    private static List<Subtree> between(long older, long newer) {
        if (older < 0 || older > newer) {
            throw new IllegalArgumentException("a tree of " + newer + " cannot begin with one of " + older);
        }
        var proof = new ArrayList<Subtree>();
        if (older == 0 || older == newer) {
            return proof;
        }
        var from = 0L;
        var to = newer;
        var known = true;
        while (older != to) {
            var middle = from + split(to - from);
            if (older <= middle) {
                proof.add(0, new Subtree(middle, to));
                to = middle;
            } else {
                proof.add(0, new Subtree(from, middle));
                from = middle;
                known = false;
            }
        }
        if (!known) {
            proof.add(0, new Subtree(from, to));
        }
        return proof;
    }

    /** The largest power of two below {@code size}. */
    private static long split(long size) {
        return Long.highestOneBit(size - 1);
    }

    private static Set<TreeRange> nodes(Collection<Subtree> subtrees) {
        var nodes = new LinkedHashSet<TreeRange>();
        subtrees.forEach(s -> nodes.addAll(TreeRange.covering(s.from, s.to)));
        return nodes;
    }

    private static TreeHash joined(long from, long to, Function<TreeRange, TreeHash> nodes) {
        var parts = TreeRange.covering(from, to);
        TreeHash hash = null;
        for (var i = parts.size() - 1; i >= 0; i--) {
            var part = nodes.apply(parts.get(i));
            if (part == null) {
                throw new IllegalArgumentException("the node " + parts.get(i) + " is not known");
            }
            hash = hash == null ? part : TreeHash.node(part, hash);
        }
        return hash;
    }
}
