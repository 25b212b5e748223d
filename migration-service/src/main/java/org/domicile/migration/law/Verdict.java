package org.domicile.migration.law;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.LocalDate;
import java.util.List;

/**
 * What the law says about one move.
 *
 * @param regionAllowed the market lets its accounts live at the target
 * @param covered class of data by class, the basis that is held
 * @param notCovered classes for which none is held that still has room
 * @param exhausted bases that are held, but under which the year's number of people is reached
 */
@RegisterForReflection
public record Verdict(
        boolean regionAllowed,
        List<String> allowedRegions,
        List<Coverage> covered,
        List<String> notCovered,
        List<Exhausted> exhausted) {

    public Verdict {
        allowedRegions = List.copyOf(allowedRegions);
        covered = List.copyOf(covered);
        notCovered = List.copyOf(notCovered);
        exhausted = List.copyOf(exhausted);
    }

    public boolean allowed() {
        return regionAllowed && notCovered.isEmpty();
    }

    /** One class of data and the basis that covers it. */
    public record Coverage(String dataClass, String basis, String evidence, LocalDate until) {}

    /** @param people how many a year the law allows under this basis */
    public record Exhausted(String basis, long people) {}
}
