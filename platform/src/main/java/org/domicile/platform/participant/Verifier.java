package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.verify.Comparison;
import org.domicile.platform.verify.Comparison.Rule;
import org.domicile.platform.verify.Inventory;
import org.domicile.platform.verify.InventoryClass;
import org.domicile.platform.verify.Verification;
import org.domicile.platform.verify.Verification.Differing;

/** Has the copy here and its home enumerated, and says what came out. One round trip where both are the same. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Verifier {
    private final Pool pool;
    private final FenceStore fences;
    private final Participant participant;
    private final Clock clock;

    @Inject
    Verifier(Pool pool, FenceStore fences, Participant participant, Clock clock) {
        this.pool = pool;
        this.fences = fences;
        this.participant = participant;
        this.clock = clock;
    }

    /** @param differing class → every key that is not as it must be */
    record Result(Verification verification, Map<String, List<Differing>> differing) {
        boolean equal() {
            return differing.isEmpty();
        }
    }

    /** @param upTo the home's version up to which everything must be here */
    Uni<Result> compare(AccountId account, byte[] macKey, long upTo, Rule rule, SourceClient home) {
        return pool.withTransaction(c -> Inventory.snapshot(c)
                        .flatMap(v -> fences.read(c, account))
                        .flatMap(row -> Inventory.take(c, account, row.version(), macKey, participant.inventory())))
                .flatMap(here -> home.inventory(here.question(upTo)).map(there -> {
                    var comparison = new Comparison(here, there, upTo, rule);
                    return new Result(comparison.verification(clock.instant(), personal()), comparison.differing());
                }));
    }

    private Set<String> personal() {
        return participant.inventory().stream()
                .filter(InventoryClass::personalKeys)
                .map(InventoryClass::name)
                .collect(Collectors.toSet());
    }
}
