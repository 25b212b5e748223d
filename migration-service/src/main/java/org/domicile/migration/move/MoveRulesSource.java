package org.domicile.migration.move;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.TreeSet;

/** The rules, with the deployment's participants and limits. */
@Dependent
public class MoveRulesSource {
    @Produces
    @Singleton
    MoveRules rules(MigrationConfig config) {
        return new MoveRules(
                new TreeSet<>(config.participants()),
                new MoveRules.Limits(config.preflightDeadline(), config.fenceDeadline(), config.soak()));
    }
}
