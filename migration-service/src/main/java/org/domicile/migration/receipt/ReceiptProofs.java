package org.domicile.migration.receipt;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.domicile.migration.transparency.LogStore;
import org.domicile.migration.transparency.LogStore.Head;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.tlog.LogProof;
import org.domicile.tlog.LoggedReceipt;
import org.domicile.tlog.Merkle;

/** Makes what an owner keeps: the receipt, and the proof that the log has it. */
@ApplicationScoped
class ReceiptProofs {
    private final LogStore log;

    @Inject
    ReceiptProofs(LogStore log) {
        this.log = log;
    }

    /** Against the newest checkpoint. Fails with UNAVAILABLE (503, {@code Retry-After}) as long as the log does not have the receipt. */
    Uni<LogProof> of(Receipt receipt) {
        return log.head().flatMap(head -> {
            if (head.isEmpty()
                    || receipt.leaf().isEmpty()
                    || receipt.leaf().get() >= head.get().size()) {
                throw new ProblemException(
                        ErrorCode.UNAVAILABLE, "The log takes the receipt in: ask again.", Map.of("retryAfter", 1));
            }
            return proof(receipt, receipt.leaf().get(), head.get());
        });
    }

    private Uni<LogProof> proof(Receipt receipt, long leaf, Head head) {
        var extra = new LoggedReceipt(receipt.salt(), receipt.jws()).extra();
        return log.nodes(Merkle.ofInclusion(leaf, head.size()))
                .map(nodes -> new LogProof(
                        Optional.of(extra), leaf, Merkle.inclusion(leaf, head.size(), nodes), head.note()));
    }
}
