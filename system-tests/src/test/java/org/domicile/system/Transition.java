package org.domicile.system;

import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.domicile.local.Stack;
import org.domicile.local.StackDescription;

/**
 * One step of a journey in one database, at which the process that takes it is killed.
 *
 * @param service whose database and process it is
 * @param value the state that a move enters, {@link #ERASED}, or the mode that a participant's fence row gets
 * @param before the commit, which then never comes; else after it, before anybody was told
 */
record Transition(String region, String service, String value, boolean before) {
    /** The region's migration-service has closed an account's erasure. */
    static final String ERASED = "ERASED";

    /** The same seed gives the same: each once before any comes again. @return as many as wanted of all that there are */
    static List<Transition> of(Journey journey, long seed, int count) {
        var all = journey.transitions();
        Collections.shuffle(all, new Random(seed));
        return all.subList(0, Math.min(count, all.size()));
    }

    boolean isAtTheSamePlace(Transition other) {
        return region.equals(other.region) && service.equals(other.service);
    }

    /** To be set before the journey is ordered. */
    CommitTrap trap(StackDescription description, UUID account) throws SQLException {
        return new CommitTrap(description.regions().get(region), service, sprung(), account, value, before);
    }

    private CommitTrap.Table sprung() {
        if (!service.equals(Journey.MIGRATION)) {
            return new CommitTrap.Table(Databases.schema(service) + ".fence", "account_id", "mode");
        }
        return value.equals(ERASED)
                ? new CommitTrap.Table("erasure", CommitTrap.Table.HASH, "state")
                : new CommitTrap.Table("move_step", "account_id", "state");
    }

    /** Waits for it, kills the process there and then, and returns when it runs again. */
    void strike(Stack stack, CommitTrap trap) throws SQLException, InterruptedException {
        var stopped = before ? trap.awaitStopped() : trap.awaitCommitted();
        stack.kill(region + "-" + service);
        trap.end(stopped);
        stack.restart(region + "-" + service);
    }

    @Override
    public String toString() {
        return region + "-" + service + " killed " + (before ? "before" : "after") + " the commit of " + value;
    }
}
