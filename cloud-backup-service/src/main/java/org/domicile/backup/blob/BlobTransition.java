package org.domicile.backup.blob;

import java.util.Arrays;
import java.util.Optional;

/** The steps of a blob's life. A step that is asked of any other state changes nothing. */
public enum BlobTransition {
    COMMIT(BlobState.PENDING, BlobState.LIVE),
    DISCARD(BlobState.PENDING, BlobState.GONE),
    DELETE(BlobState.LIVE, BlobState.TRASHED),
    REMOVE(BlobState.LIVE, BlobState.GONE),
    RESTORE(BlobState.TRASHED, BlobState.LIVE),
    PURGE(BlobState.TRASHED, BlobState.GONE);

    private final BlobState from;
    private final BlobState to;

    BlobTransition(BlobState from, BlobState to) {
        this.from = from;
        this.to = to;
    }

    public BlobState from() {
        return from;
    }

    public BlobState to() {
        return to;
    }

    /** The state after this step was asked of a blob. */
    public BlobState of(BlobState state) {
        return state == from ? to : state;
    }

    /** The step between two states, if there is one. */
    public static Optional<BlobTransition> between(BlobState from, BlobState to) {
        return Arrays.stream(values())
                .filter(step -> step.from == from && step.to == to)
                .findFirst();
    }
}
