package org.domicile.system;

import static org.domicile.system.StartedStack.CN;
import static org.domicile.system.StartedStack.SG;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.domicile.local.Stack;
import org.domicile.local.StackDescription;

/**
 * One step of a move in one database, at which the process that takes it is killed.
 *
 * @param service whose database and process it is
 * @param value the state that migration-service enters, or the mode that a participant's fence row gets
 * @param before the commit, which then never comes; else after it, before anybody was told
 */
record Transition(String region, String service, String value, boolean before) {
    private static final String MIGRATION = "migration";
    private static final List<String> PARTICIPANTS = List.of("account", "backup", "messaging", "shop");

    /** The same seed gives the same: each once before any comes again. @return as many as wanted of all that there are */
    static List<Transition> of(long seed, int count) {
        var all = all();
        Collections.shuffle(all, new Random(seed));
        return all.subList(0, Math.min(count, all.size()));
    }

    private static List<Transition> all() {
        var all = new ArrayList<Transition>();
        for (var before : List.of(true, false)) {
            for (var state : List.of("COPYING", "CATCHING_UP", "FENCING", "SEALED", "CUT_OVER")) {
                all.add(new Transition(CN, MIGRATION, state, before));
            }
            for (var state : List.of("CUT_OVER", "SOAK", "CHECKING", "PURGING", "ATTESTED")) {
                all.add(new Transition(SG, MIGRATION, state, before));
            }
            for (var service : PARTICIPANTS) {
                for (var mode : List.of("FROZEN", "SHADOW", "NONE")) {
                    all.add(new Transition(CN, service, mode, before));
                }
                for (var mode : List.of("SHADOW", "CLOSED", "OWN")) {
                    all.add(new Transition(SG, service, mode, before));
                }
            }
        }
        return all;
    }

    /** To be set before the move is ordered. */
    CommitTrap trap(StackDescription description, UUID account) throws SQLException {
        var where = description.regions().get(region);
        return service.equals(MIGRATION)
                ? new CommitTrap(where, service, "move_step", "state", account, value, before)
                : new CommitTrap(where, service, Databases.schema(service) + ".fence", "mode", account, value, before);
    }

    /** Waits for it, kills the process there and then, and returns when it runs again. */
    void strike(Stack stack, CommitTrap trap) throws SQLException, InterruptedException {
        var stopped = before ? trap.awaitStopped() : trap.awaitCommitted();
        stack.restart(region + "-" + service);
        trap.end(stopped);
    }

    @Override
    public String toString() {
        return region + "-" + service + " killed " + (before ? "before" : "after") + " the commit of " + value;
    }
}
