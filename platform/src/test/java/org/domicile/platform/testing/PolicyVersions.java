package org.domicile.platform.testing;

import java.util.List;
import org.domicile.platform.consent.ConsentConfig;

/** The versions of the policy, which a test may add to as an operator does by restarting the service with another one. A service's tests make it a bean. */
public abstract class PolicyVersions implements ConsentConfig {
    private static final List<String> FIRST = List.of("2026-01");

    private volatile List<String> versions = FIRST;

    public void are(String... all) {
        versions = List.of(all);
    }

    public void reset() {
        versions = FIRST;
    }

    @Override
    public List<String> policyVersions() {
        return versions;
    }
}
