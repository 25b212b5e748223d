package org.domicile.migration.law;

import java.time.LocalDate;
import java.util.Set;

/**
 * A basis that the operator holds for taking data of some markets out of one region into another.
 *
 * @param classes the classes of data that it covers
 * @param basis its name in the law
 * @param evidence where the proof is kept
 * @param until the last day on which it holds
 */
public record TransferBasis(
        String from,
        String to,
        Set<String> markets,
        Set<String> classes,
        String basis,
        String evidence,
        LocalDate until) {

    boolean covers(String market, String source, String target, String dataClass, LocalDate today) {
        return from.equals(source)
                && to.equals(target)
                && markets.contains(market)
                && classes.contains(dataClass)
                && !today.isAfter(until);
    }
}
