package org.domicile.outside;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the accounts that were there already can be moved. */
@Readiness
@ApplicationScoped
public class AttachedCheck implements HealthCheck {
    private final Adoption adoption;

    @Inject
    public AttachedCheck(Adoption adoption) {
        this.adoption = adoption;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("outside system attached")
                .status(adoption.isAttached())
                .build();
    }
}
