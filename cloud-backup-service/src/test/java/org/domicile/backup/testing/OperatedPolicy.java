package org.domicile.backup.testing;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.List;
import org.domicile.platform.consent.ConsentConfig;

/** The versions of the policy, which a test may add to as an operator does by restarting the service with another one. */
@Alternative
@Priority(1)
@Singleton
public class OperatedPolicy implements ConsentConfig {
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
