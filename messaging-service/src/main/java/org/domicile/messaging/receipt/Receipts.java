package org.domicile.messaging.receipt;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.domicile.messaging.subscription.Capability;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;

/** The receipts of messages to accounts that live here. */
@ApplicationScoped
public class Receipts {
    static final int BATCH = 100;

    private final ReceiptStore store;
    private final Fence fence;
    private final Clock clock;

    @Inject
    public Receipts(ReceiptStore store, Fence fence, Clock clock) {
        this.store = store;
        this.fence = fence;
        this.clock = clock;
    }

    /** Fails with NOT_FOUND when there is no such receipt subscription, or no longer (RFC 8030 section 7.3). */
    Uni<List<Receipt>> ready(Capability receipts) {
        return store.ready(receipts, clock.instant(), BATCH)
                .flatMap(found -> found.isEmpty()
                        ? store.exists(receipts).invoke(Receipts::require).replaceWith(found)
                        : Uni.createFrom().item(found));
    }

    /** They have been told. */
    Uni<Void> told(Capability receipts, List<UUID> ids) {
        return fence.write(receipts.account(), write -> store.delete(write, receipts, ids));
    }

    private static void require(boolean known) {
        if (!known) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There are no receipts at this address: forget it.");
        }
    }
}
