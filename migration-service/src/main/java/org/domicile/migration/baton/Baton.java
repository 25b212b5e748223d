package org.domicile.migration.baton;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveStep;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck;

/**
 * The hand-over of an account: signed by the home of the epoch before, and the only way by which a region becomes home.
 *
 * @param from the home until now; it signs
 * @param to the home from this epoch on
 * @param directory the directory row to publish, signed by {@code from} too
 * @param move the move as it stands, so that the new home can go on with it
 * @param steps its history
 * @param acks what the participants said during it: the evidence for its receipt
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@RegisterForReflection
public record Baton(
        AccountId accountId,
        String from,
        String to,
        long epoch,
        String market,
        String directory,
        Move move,
        List<MoveStep> steps,
        List<FenceAck> acks) {}
