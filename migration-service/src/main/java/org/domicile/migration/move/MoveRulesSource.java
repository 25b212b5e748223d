package org.domicile.migration.move;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.TreeSet;
import org.domicile.migration.law.TransferLaw;

/** The rules, with the deployment's participants and limits. */
@Dependent
public class MoveRulesSource {
    /** Their classes of data are in the law under names of their own. */
    private static final Set<String> OURS = Set.of("account", "backup", "messaging");

    @Produces
    @Singleton
    MoveRules rules(MigrationConfig config, TransferLaw law) {
        var participants = new TreeSet<>(config.participants());
        participants.stream()
                .filter(name -> !OURS.contains(name) && !law.knows(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalStateException("domicile.migration.participants names " + name
                            + ", whose data no transfer basis is asked for: add " + name
                            + " to data_classes in the file of domicile.markets.file");
                });
        return new MoveRules(
                participants, new MoveRules.Limits(config.preflightDeadline(), config.fenceDeadline(), config.soak()));
    }
}
