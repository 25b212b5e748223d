package org.domicile.platform.participant;

/** A record cannot be taken at the target until somebody does something: the move pauses and says what. */
public final class MoveBlocked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param sentence what is in the way and what to do, with nothing personal */
    public MoveBlocked(String sentence) {
        super(sentence, null, false, false);
    }
}
