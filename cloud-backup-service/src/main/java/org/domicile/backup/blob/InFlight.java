package org.domicile.backup.blob;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.ConsentChanged;
import org.domicile.platform.consent.ConsentGate;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ProblemException;

/**
 * Bodies that this instance is receiving. A withdrawn consent cuts them off at once where the change arrives, and within a second at
 * the other instances; the gate of the commit holds in any case.
 */
@ApplicationScoped
public class InFlight {
    private final ConsentGate gate;
    private final ConcurrentMap<AccountId, Set<Body>> bodies = new ConcurrentHashMap<>();

    /** One of them. */
    public interface Body {
        /** Ends it as it is: whoever waits for it fails with this. May be called from any thread, and after the end. */
        void cut(ProblemException problem);
    }

    @Inject
    public InFlight(ConsentGate gate) {
        this.gate = gate;
    }

    public void add(AccountId account, Body body) {
        bodies.compute(account, (a, open) -> {
            var all = open == null ? ConcurrentHashMap.<Body>newKeySet() : open;
            all.add(body);
            return all;
        });
    }

    public void remove(AccountId account, Body body) {
        bodies.computeIfPresent(account, (a, open) -> {
            open.remove(body);
            return open.isEmpty() ? null : open;
        });
    }

    void onConsent(@ObservesAsync ConsentChanged changed) {
        if (!changed.granted().contains(Feature.BACKUP)) {
            cut(changed.account());
        }
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return Multi.createFrom()
                .iterable(bodies.keySet())
                .onItem()
                .transformToUniAndConcatenate(
                        account -> gate.granted(account, Feature.BACKUP).invoke(granted -> {
                            if (!granted) {
                                cut(account);
                            }
                        }))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private void cut(AccountId account) {
        bodies.getOrDefault(account, Set.of()).forEach(body -> body.cut(ConsentGate.refusal(Feature.BACKUP)));
    }
}
