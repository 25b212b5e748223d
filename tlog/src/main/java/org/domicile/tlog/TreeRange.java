package org.domicile.tlog;

import java.util.ArrayList;
import java.util.List;

/**
 * A node of a Merkle tree by the leaves below it: those of {@code [index · 2^level, (index + 1) · 2^level)}. Only perfect subtrees
 * are nodes here; what is not perfect, at a tree's right edge, is made of them.
 *
 * @param level 0 for leaves
 * @param index counted from the left within the level
 */
public record TreeRange(int level, long index) {

    /** Perfect subtrees that cover {@code [from, to)}, the left first; {@code from} is where a subtree of the tree begins. */
    static List<TreeRange> covering(long from, long to) {
        var ranges = new ArrayList<TreeRange>();
        var start = from;
        while (start < to) {
            var level = Math.min(
                    start == 0 ? Long.SIZE - 2 : Long.numberOfTrailingZeros(start),
                    Long.SIZE - 1 - Long.numberOfLeadingZeros(to - start));
            ranges.add(new TreeRange(level, start >> level));
            start += 1L << level;
        }
        return ranges;
    }
}
