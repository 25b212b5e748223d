package org.domicile.tlog;

import java.security.PublicKey;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The names under which a region writes its log and cosigns those of others, with the one key that the signed region list gives it.
 * They name the region, not an address, since addresses change and a log must not.
 *
 * @param region id
 * @param key Ed25519
 */
public record RegionLog(String region, PublicKey key) {
    private static final String DOMAIN = "domicile/";
    private static final Pattern LATER = Pattern.compile("/([2-9]|[1-9][0-9]{1,4})");

    /** The first line of the checkpoints of the region's first log. */
    public static String origin(String region) {
        return origin(region, 1);
    }

    /** @param generation from 1; the next one begins when a log has lost entries, and cannot go on */
    public static String origin(String region, int generation) {
        return DOMAIN + region + "/log" + (generation == 1 ? "" : "/" + generation);
    }

    /** The generation of the region's log that has this origin; empty if none of its logs has. */
    public OptionalInt generation(String origin) {
        var first = origin(region);
        if (origin.equals(first)) {
            return OptionalInt.of(1);
        }
        var later = LATER.matcher(origin.startsWith(first) ? origin.substring(first.length()) : "");
        return later.matches() ? OptionalInt.of(Integer.parseInt(later.group(1))) : OptionalInt.empty();
    }

    /** The first log's own signature. */
    public NoteKey author() {
        return author(1);
    }

    /** The log's own signature. */
    public NoteKey author(int generation) {
        return new NoteKey(origin(region, generation), NoteKey.Algorithm.NOTE, key);
    }

    /** The region as the witness of another region's log. */
    public NoteKey witness() {
        return new NoteKey(DOMAIN + region + "/witness", NoteKey.Algorithm.COSIGNATURE, key);
    }
}
