package org.domicile.tlog;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * That an entry is in a log, in one text file that can be checked without a network (C2SP tlog-proof).
 *
 * @param extra bytes of the application's own, which the proof does not vouch for
 * @param index of the entry, from 0
 * @param hashes from the leaf's sibling up to the root's child
 * @param checkpoint of the log, with its signatures
 */
public record LogProof(Optional<byte[]> extra, long index, List<TreeHash> hashes, SignedNote checkpoint) {
    /** The first line of every proof. */
    public static final String HEADER = "c2sp.org/tlog-proof@v1";

    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    public LogProof {
        hashes = List.copyOf(hashes);
    }

    /** @throws IllegalArgumentException if it is not a proof */
    public static LogProof parse(String text) {
        var end = text.indexOf("\n\n");
        if (!text.startsWith(HEADER + "\n") || end < 0) {
            throw new IllegalArgumentException("not a proof: expected the first line " + HEADER);
        }
        var lines = new ArrayList<>(List.of(text.substring(0, end).split("\n", -1)));
        lines.remove(0);
        Optional<byte[]> extra = Optional.empty();
        if (!lines.isEmpty() && lines.get(0).startsWith(EXTRA)) {
            extra = Optional.of(Base64.getDecoder().decode(lines.remove(0).substring(EXTRA.length())));
        }
        if (lines.isEmpty() || !lines.get(0).matches(INDEX + "(0|[1-9][0-9]{0,17})")) {
            throw new IllegalArgumentException("not a proof: the entry's index is missing");
        }
        var index = Long.parseLong(lines.remove(0).substring(INDEX.length()));
        var hashes = lines.stream().map(TreeHash::parse).toList();
        return new LogProof(extra, index, hashes, SignedNote.parse(text.substring(end + 2)));
    }

    /** Whether the entry is in the tree of the checkpoint. Who signed the checkpoint is another question. */
    public boolean includes(byte[] entry) {
        var head = Checkpoint.parse(checkpoint.text());
        return Merkle.isIncluded(TreeHash.leaf(entry), index, head.size(), hashes, head.root());
    }

    @Override
    public String toString() {
        var text = new StringBuilder(HEADER).append('\n');
        extra.ifPresent(bytes -> text.append(EXTRA)
                .append(Base64.getEncoder().encodeToString(bytes))
                .append('\n'));
        text.append(INDEX).append(index).append('\n');
        hashes.forEach(hash -> text.append(hash).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }
}
