package org.domicile.system;

import static org.domicile.system.StartedStack.CN;
import static org.domicile.system.StartedStack.SG;

import java.util.ArrayList;
import java.util.List;

/** What an account goes through from {@link StartedStack#CN} to {@link StartedStack#SG} and on, with every step of it that is committed. */
enum Journey {
    MOVE {
        @Override
        void steps(Steps steps) {
            steps.of(CN, MIGRATION, "COPYING", "CATCHING_UP", "FENCING", "SEALED", "CUT_OVER");
            steps.of(SG, MIGRATION, "CUT_OVER", "SOAK", "CHECKING", "PURGING", "ATTESTED");
            for (var service : PARTICIPANTS) {
                steps.of(CN, service, "FROZEN", "SHADOW", "NONE");
                steps.of(SG, service, "SHADOW", "CLOSED", "OWN");
            }
        }
    },
    /** From the order of the way back, while the account soaks. The copy at the old home is a shadow before and after that order. */
    ROLLBACK {
        @Override
        void steps(Steps steps) {
            steps.of(SG, MIGRATION, "ROLLING_BACK", "CATCHING_UP", "FENCING", "SEALED", "ROLLED_BACK");
            steps.of(CN, MIGRATION, "ROLLED_BACK", "SOAK", "CHECKING", "PURGING", "ATTESTED");
            for (var service : PARTICIPANTS) {
                steps.of(SG, service, "FROZEN", "SHADOW", "NONE");
                steps.of(CN, service, "CLOSED", "OWN");
            }
        }
    },
    /** From the order of a legal hold to the new soak, which its release begins. */
    HOLD {
        @Override
        void steps(Steps steps) {
            steps.of(SG, MIGRATION, "HELD", "SOAK");
        }
    },
    /** From the order of an erasure while the account soaks. */
    ERASURE {
        @Override
        void steps(Steps steps) {
            steps.of(SG, MIGRATION, "ERASING", Transition.ERASED);
            steps.of(CN, MIGRATION, Transition.ERASED);
            for (var service : PARTICIPANTS) {
                steps.of(SG, service, "NONE");
                steps.of(CN, service, "NONE");
            }
        }
    };

    static final String MIGRATION = "migration";
    static final List<String> PARTICIPANTS = List.of("account", "backup", "messaging", "shop");

    abstract void steps(Steps steps);

    /** Each step, before its commit and after it. */
    List<Transition> transitions() {
        var steps = new Steps(new ArrayList<>());
        steps(steps);
        return steps.transitions();
    }

    private record Steps(List<Transition> transitions) {
        void of(String region, String service, String... values) {
            for (var value : values) {
                transitions.add(new Transition(region, service, value, true));
                transitions.add(new Transition(region, service, value, false));
            }
        }
    }
}
