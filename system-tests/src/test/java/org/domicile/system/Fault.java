package org.domicile.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.domicile.local.Stack;
import org.domicile.local.port.Link;

/**
 * Something that goes wrong while an account moves.
 *
 * @param what a part to kill and start again, {@link #CUT} for the lines between the regions, or {@link #LOSS} for lines that end
 *     connections at random
 * @param after from the order of the move
 * @param roundTrip of the lines, meanwhile and before
 * @param outage how long the lines are cut, or lossy; a killed part is started again at once
 * @param seed of what is lost
 */
record Fault(String what, Duration after, Duration roundTrip, Duration outage, long seed) {
    private static final String CUT = "lines";
    private static final String LOSS = "loss";
    /** Of the pieces that arrive: every move loses some connections, and most requests get through. */
    private static final double LOST = 0.03;

    private static final List<String> PARTS =
            List.of("migration", "account", "backup", "messaging", "kafka", "postgres");
    private static final List<Integer> ROUND_TRIPS = List.of(0, 0, 60, 172, 378);
    private static final int LATEST_MILLIS = 4_000;
    private static final int LONGEST_OUTAGE_MILLIS = 3_000;

    /** The same seed gives the same faults: every kind of part once in each region before any comes again. */
    static List<Fault> of(long seed, int count) {
        var random = new Random(seed);
        var faults = new ArrayList<Fault>();
        var left = new ArrayList<String>();
        while (faults.size() < count) {
            if (left.isEmpty()) {
                left.add(CUT);
                left.add(LOSS);
                for (var region : List.of(StartedStack.CN, StartedStack.SG)) {
                    PARTS.forEach(part -> left.add(region + "-" + part));
                }
            }
            faults.add(new Fault(
                    left.remove(random.nextInt(left.size())),
                    Duration.ofMillis(random.nextInt(LATEST_MILLIS)),
                    Duration.ofMillis(ROUND_TRIPS.get(random.nextInt(ROUND_TRIPS.size()))),
                    Duration.ofMillis(random.nextInt(LONGEST_OUTAGE_MILLIS)),
                    random.nextLong()));
        }
        return faults;
    }

    void prepare(Stack stack) {
        stack.links().forEach(link -> link.roundTrip(roundTrip));
    }

    /** Lets it happen, and returns when everything runs again. */
    void strike(Stack stack) throws InterruptedException {
        if (what.equals(LOSS)) {
            stack.links().forEach(link -> link.lossy(LOST, seed));
            Thread.sleep(after.plus(outage));
            stack.links().forEach(link -> link.lossy(0, seed));
            return;
        }
        Thread.sleep(after);
        if (what.equals(CUT)) {
            stack.links().forEach(Link::cut);
            Thread.sleep(outage);
            stack.links().forEach(Link::mend);
        } else {
            stack.restart(what);
        }
    }
}
