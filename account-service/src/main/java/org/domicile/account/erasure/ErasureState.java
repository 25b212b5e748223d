package org.domicile.account.erasure;

import java.util.EnumSet;
import java.util.Set;

/**
 * How far an erasure has come at the account's home.
 *
 * <pre>
 *   SCHEDULED --grace over--> ORDERED --every service of every region has looked--> (the account's rows are gone: ERASED)
 *       ↓ ↑ asked again
 *   CANCELLED
 * </pre>
 *
 * From ORDERED on the home's migration-service erases (ERASING in AccountMove.tla); there is no way back.
 */
public enum ErasureState {
    /** The owner can still take it back. */
    SCHEDULED,
    CANCELLED,
    /** Told to migration-service, and told again until the account's own purge has come. */
    ORDERED;

    public Set<ErasureState> next() {
        return switch (this) {
            case SCHEDULED -> EnumSet.of(CANCELLED, ORDERED);
            case CANCELLED -> EnumSet.of(SCHEDULED);
            case ORDERED -> EnumSet.noneOf(ErasureState.class);
        };
    }
}
