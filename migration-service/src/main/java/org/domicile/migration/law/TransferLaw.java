package org.domicile.migration.law;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Whether the operator may move an account: the market allows the target, and for every class of data a transfer basis is
 * held, in that direction, for that market, not past its end date, and below the number of people a year that the law sets for
 * it. What a law merely offers does not count.
 */
public final class TransferLaw {
    private final Map<String, Set<String>> allowedRegions;
    private final Map<String, Set<String>> legacyRegions;
    private final Map<String, Map<String, Long>> ceilings;
    private final List<String> dataClasses;
    private final List<TransferBasis> held;

    /**
     * @param legacyRegions market → regions where accounts may still be until they are moved
     * @param ceilings market → basis → people whose data may leave a region under it in one calendar year
     */
    public TransferLaw(
            Map<String, Set<String>> allowedRegions,
            Map<String, Set<String>> legacyRegions,
            Map<String, Map<String, Long>> ceilings,
            List<String> dataClasses,
            List<TransferBasis> held) {
        this.allowedRegions = Map.copyOf(allowedRegions);
        this.legacyRegions = Map.copyOf(legacyRegions);
        this.ceilings = Map.copyOf(ceilings);
        this.dataClasses = List.copyOf(dataClasses);
        this.held = List.copyOf(held);
    }

    /** Whether a move needs a basis for this class of data. */
    public boolean knows(String dataClass) {
        return dataClasses.contains(dataClass);
    }

    /** As the other, for one whose market's people are not counted. */
    public Verdict decide(String market, String from, String to, LocalDate today) {
        return decide(market, from, to, today, 0);
    }

    /**
     * @param market the account's market; one that is not listed allows nothing
     * @param others other people of the market whose data left the region this year
     */
    public Verdict decide(String market, String from, String to, LocalDate today, long others) {
        var covered = new ArrayList<Verdict.Coverage>();
        var notCovered = new ArrayList<String>();
        var exhausted = new ArrayList<Verdict.Exhausted>();
        for (var dataClass : dataClasses) {
            var candidates = held.stream()
                    .filter(basis -> basis.covers(market, from, to, dataClass, today))
                    .toList();
            candidates.stream()
                    .filter(basis -> others < ceiling(market, basis.basis()).orElse(Long.MAX_VALUE))
                    .findFirst()
                    .ifPresentOrElse(
                            basis -> covered.add(
                                    new Verdict.Coverage(dataClass, basis.basis(), basis.evidence(), basis.until())),
                            () -> {
                                notCovered.add(dataClass);
                                candidates.stream()
                                        .map(basis -> new Verdict.Exhausted(
                                                basis.basis(),
                                                ceiling(market, basis.basis()).orElseThrow()))
                                        .filter(e -> !exhausted.contains(e))
                                        .forEach(exhausted::add);
                            });
        }
        var regions = allowedRegions.getOrDefault(market, Set.of());
        return new Verdict(regions.contains(to), List.copyOf(regions), covered, notCovered, exhausted);
    }

    /** Whether a basis is held for every class of data to go back where it came from, to keep the old home's copy up to date. */
    public boolean coversWayBack(String market, String from, String to, LocalDate today) {
        var verdict = decide(market, from, to, today);
        var mayBeThere = verdict.regionAllowed()
                || legacyRegions.getOrDefault(market, Set.of()).contains(to);
        return mayBeThere && verdict.notCovered().isEmpty();
    }

    /** Whether the law of the market sets a yearly number of people for any basis, so that they are counted. */
    public boolean counts(String market) {
        return ceilings.containsKey(market);
    }

    /** The most people a year under this basis, if the market's law sets a number. */
    public OptionalLong ceiling(String market, String basis) {
        return Optional.ofNullable(ceilings.getOrDefault(market, Map.of()).get(basis)).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }
}
