package org.domicile.tlog;

import java.security.PublicKey;

/**
 * The names under which a region writes its log and cosigns those of others, with the one key that the signed region list gives it.
 * They name the region, not an address, since addresses change and a log must not.
 *
 * @param region id
 * @param key Ed25519
 */
public record RegionLog(String region, PublicKey key) {
    private static final String DOMAIN = "domicile/";

    /** The first line of the log's checkpoints. */
    public static String origin(String region) {
        return DOMAIN + region + "/log";
    }

    /** The log's own signature. */
    public NoteKey author() {
        return new NoteKey(origin(region), NoteKey.Algorithm.NOTE, key);
    }

    /** The region as the witness of another region's log. */
    public NoteKey witness() {
        return new NoteKey(DOMAIN + region + "/witness", NoteKey.Algorithm.COSIGNATURE, key);
    }
}
