package org.domicile.platform.event;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The process's clock and source of randomness; a test replaces either. {@code domicile.clock.offset} makes the clock wrong, to show
 * what a wrong clock does.
 */
@Dependent
public class TimeSource {
    @Produces
    @DefaultBean
    @ApplicationScoped
    Clock clock(@ConfigProperty(name = "domicile.clock.offset", defaultValue = "0s") Duration offset) {
        return Clock.offset(Clock.systemUTC(), offset);
    }

    @Produces
    @DefaultBean
    @Singleton
    SecureRandom random() {
        return new SecureRandom();
    }
}
