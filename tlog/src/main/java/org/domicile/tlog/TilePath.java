package org.domicile.tlog;

import java.util.regex.Pattern;

/**
 * The address of a tile of at most 256 hashes, or of a bundle of entries (C2SP tlog-tiles): {@code 0/x001/234.p/56}.
 *
 * @param entries whether entries are meant; the level is 0 then
 * @param level of tiles: a hash at level 1 is the root of a whole tile at level 0
 * @param index counted from the left within the level
 * @param width hashes in it, 256 for a whole one
 */
public record TilePath(boolean entries, int level, long index, int width) {
    public static final int WIDTH = 256;
    /** Levels of the tree in a tile. */
    public static final int HEIGHT = 8;

    private static final Pattern PATH =
            Pattern.compile("(entries|[0-7])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    /** @throws IllegalArgumentException if it is no tile's address */
    public static TilePath parse(String path) {
        var matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a tile's address: " + path);
        }
        var width = matcher.group(3) == null ? WIDTH : Integer.parseInt(matcher.group(3));
        if (width > WIDTH || matcher.group(3) != null && width == WIDTH) {
            throw new IllegalArgumentException("a partial tile has 1 to 255 hashes: " + path);
        }
        var entries = matcher.group(1).equals("entries");
        var index = Long.parseLong(matcher.group(2).replace("x", "").replace("/", ""));
        var tile = new TilePath(entries, entries ? 0 : Integer.parseInt(matcher.group(1)), index, width);
        if (!tile.toString().equals(path)) {
            throw new IllegalArgumentException("not a tile's address, which is written " + tile + ": " + path);
        }
        return tile;
    }

    /** The first of the hashes (or entries) in the tile, counted at its level. */
    public long first() {
        return index * WIDTH;
    }

    @Override
    public String toString() {
        var digits = new StringBuilder(String.format("%03d", index % 1_000));
        for (var rest = index / 1_000; rest > 0; rest /= 1_000) {
            digits.insert(0, String.format("x%03d/", rest % 1_000));
        }
        return (entries ? "entries" : Integer.toString(level)) + "/" + digits + (width == WIDTH ? "" : ".p/" + width);
    }
}
