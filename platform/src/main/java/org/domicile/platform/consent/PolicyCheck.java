package org.domicile.platform.consent;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.TreeSet;

/** Versions of the policy that do not say which comes after which refuse to start. */
@ApplicationScoped
public class PolicyCheck {
    private final ConsentConfig config;

    @Inject
    public PolicyCheck(ConsentConfig config) {
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        var versions = config.policyVersions();
        var ascending = new TreeSet<>(versions);
        if (versions.isEmpty()
                || !versions.stream()
                        .allMatch(v -> ConsentConfig.VERSION.matcher(v).matches())
                || !versions.equals(ascending.stream().toList())) {
            throw new IllegalStateException("domicile.consent.policy-versions is " + versions
                    + ": give the months of the policies, oldest first, such as 2026-01,2026-07");
        }
    }
}
