package org.domicile.messaging.relay;

/** The region that was asked is no longer the account's home: what it knows is newer, and goes with its answer. */
public final class Misdirected extends RuntimeException {
    private final long epoch;

    Misdirected(long epoch) {
        super("the account has left again, at epoch " + epoch, null, false, false);
        this.epoch = epoch;
    }

    /** From when on the account lives elsewhere. */
    public long epoch() {
        return epoch;
    }
}
