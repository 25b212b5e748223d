package org.domicile.backup.usage;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.domicile.backup.withdrawal.Withdrawal;

/**
 * An end that is set.
 *
 * @param reason {@code consent-withdrawn}
 * @param since when that happened
 * @param at when everything is deleted for good
 * @param notice a sentence for the owner
 */
@RegisterForReflection
public record Deletion(String reason, Instant since, Instant at, String notice) {
    static Deletion of(Withdrawal withdrawal) {
        return new Deletion("consent-withdrawn", withdrawal.withdrawnAt(), withdrawal.deletedAt(), withdrawal.notice());
    }
}
