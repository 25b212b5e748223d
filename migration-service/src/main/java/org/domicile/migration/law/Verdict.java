package org.domicile.migration.law;

import java.time.LocalDate;
import java.util.List;

/**
 * What the law says about one move.
 *
 * @param regionAllowed the market lets its accounts live at the target
 * @param covered class of data by class, the basis that is held
 * @param notCovered classes for which none is held
 */
public record Verdict(
        boolean regionAllowed, List<String> allowedRegions, List<Coverage> covered, List<String> notCovered) {

    public Verdict {
        allowedRegions = List.copyOf(allowedRegions);
        covered = List.copyOf(covered);
        notCovered = List.copyOf(notCovered);
    }

    public boolean allowed() {
        return regionAllowed && notCovered.isEmpty();
    }

    /** One class of data and the basis that covers it. */
    public record Coverage(String dataClass, String basis, String evidence, LocalDate until) {}
}
