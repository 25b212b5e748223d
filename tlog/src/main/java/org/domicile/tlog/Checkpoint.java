package org.domicile.tlog;

/**
 * The head of a log at some size (C2SP tlog-checkpoint).
 *
 * @param origin names the log
 * @param size in leaves
 */
public record Checkpoint(String origin, long size, TreeHash root) {

    /** @throws IllegalArgumentException if the text is not a checkpoint's */
    public static Checkpoint parse(String text) {
        var lines = text.split("\n", -1);
        if (lines.length < 4 || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("not a checkpoint: expected its origin, size and root hash");
        }
        return new Checkpoint(lines[0], Long.parseLong(lines[1]), TreeHash.parse(lines[2]));
    }

    /** What is signed. */
    public String text() {
        return origin + "\n" + size + "\n" + root + "\n";
    }
}
