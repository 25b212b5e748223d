package org.domicile.account.code;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.account.limit.SharedBudgets;
import org.domicile.account.profile.Identifier;

/**
 * An identifier is sent so many codes an hour, for whatever and whoever asks, known or not: nobody's phone can be made to ring, and
 * nobody gets more codes to guess.
 */
@ApplicationScoped
public class CodeBudget {
    private final SharedBudgets budgets;
    private final CodesConfig config;

    @Inject
    public CodeBudget(SharedBudgets budgets, CodesConfig config) {
        this.budgets = budgets;
        this.config = config;
    }

    /** Counts one code; fails with TOO_MANY_REQUESTS (429) when the hour's are used. */
    public Uni<Void> spend(Identifier identifier) {
        return budgets.take(
                "code-budget:" + identifier.kind() + ":" + identifier.value(),
                config.perHour(),
                "Too many codes were asked for");
    }
}
