package org.domicile.account.identity;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.domicile.account.testing.AccountParts;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class IdentityLookIT {
    @Inject
    IdentityLook look;

    @Inject
    MeterRegistry metrics;

    @Test
    void whether_keycloak_answers_is_a_metric() {
        Wait.until("some time has passed", () -> age() > 1);

        Wait.until("it answers", () -> {
            look.look().await().indefinitely();
            return age() < 1;
        });
    }

    private double age() {
        return metrics.get("domicile.look.age").tag("look", "keycloak").gauge().value();
    }
}
