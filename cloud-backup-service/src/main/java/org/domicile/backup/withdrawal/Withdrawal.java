package org.domicile.backup.withdrawal;

import java.time.Duration;
import java.time.Instant;

/**
 * A withdrawn consent, and what follows from it.
 *
 * @param withdrawnAt when the owner switched backup off
 * @param deletedAt when everything will be deleted, unless it is switched on again before
 * @param grace what lies between them
 */
public record Withdrawal(Instant withdrawnAt, Instant deletedAt, Duration grace) {
    /** @param told the day that account-service has told the owner */
    static Withdrawal told(Instant withdrawnAt, Instant told) {
        return new Withdrawal(withdrawnAt, told, Duration.between(withdrawnAt, told));
    }

    static Withdrawal at(Instant withdrawnAt, Duration grace) {
        return new Withdrawal(withdrawnAt, withdrawnAt.plus(grace), grace);
    }

    public String notice() {
        return "Backup was switched off on " + withdrawnAt + ": everything stored is deleted on " + deletedAt
                + ". Restore it or switch backup on again before.";
    }
}
