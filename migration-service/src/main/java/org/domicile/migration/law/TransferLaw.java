package org.domicile.migration.law;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether the operator may move an account: the market allows the target, and for every class of data a transfer basis is
 * held, in that direction, for that market, and not past its end date. What a law merely offers does not count.
 */
public final class TransferLaw {
    private final Map<String, Set<String>> allowedRegions;
    private final List<String> dataClasses;
    private final List<TransferBasis> held;

    public TransferLaw(Map<String, Set<String>> allowedRegions, List<String> dataClasses, List<TransferBasis> held) {
        this.allowedRegions = Map.copyOf(allowedRegions);
        this.dataClasses = List.copyOf(dataClasses);
        this.held = List.copyOf(held);
    }

    /** @param market the account's market; one that is not listed allows nothing */
    public Verdict decide(String market, String from, String to, LocalDate today) {
        var covered = new ArrayList<Verdict.Coverage>();
        var notCovered = new ArrayList<String>();
        for (var dataClass : dataClasses) {
            held.stream()
                    .filter(basis -> basis.covers(market, from, to, dataClass, today))
                    .findFirst()
                    .ifPresentOrElse(
                            basis -> covered.add(
                                    new Verdict.Coverage(dataClass, basis.basis(), basis.evidence(), basis.until())),
                            () -> notCovered.add(dataClass));
        }
        var regions = allowedRegions.getOrDefault(market, Set.of());
        return new Verdict(regions.contains(to), List.copyOf(regions), covered, notCovered);
    }
}
