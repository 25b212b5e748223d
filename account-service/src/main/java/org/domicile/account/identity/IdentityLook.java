package org.domicile.account.identity;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;

/** Sees whether Keycloak answers this service: sign-ups, sign-ins and erasures need it. */
@ApplicationScoped
public class IdentityLook {
    private final Identities identities;
    private final Look look;

    @Inject
    public IdentityLook(Identities identities, Looks looks) {
        this.identities = identities;
        this.look = looks.of("keycloak", Duration.ofSeconds(15));
    }

    /** Why it failed is in the log already. */
    @Scheduled(every = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return identities
                .page(0, 1)
                .invoke(look::succeeded)
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }
}
