package org.domicile.migration.wave;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.domicile.migration.law.Verdict;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * What a wave would be. Nothing is written for it.
 *
 * @param accounts that the selector names here
 * @param notHere accounts of the selector's list that do not live here
 * @param bytes of objects, and
 * @param records expected, from {@code sizes}
 * @param hours of moving, if the window were always open
 * @param elapsedHours with the window
 * @param allowed a basis is held for every class of data of every market; a threshold that is reached on the way does not count
 */
@RegisterForReflection
public record WaveForecast(
        long accounts,
        long notHere,
        long bytes,
        long records,
        double hours,
        double elapsedHours,
        boolean allowed,
        Sizes sizes,
        List<Market> markets) {

    /**
     * What an account is expected to be like.
     *
     * @param basis {@code moved-accounts}: the mean of this region's last moves; {@code assumed}: configured, as there were none
     * @param samples moves that the mean was taken over
     * @param seconds from the order to the cut-over
     */
    public record Sizes(String basis, long samples, double bytes, double records, double seconds) {}

    /** The accounts of one market. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Market(String market, String from, String to, long accounts, Verdict verdict, Threshold threshold) {}

    /**
     * The number of people a year that the law sets for the basis.
     *
     * @param used people counted this year
     * @param left people of this wave who may move before it halts
     */
    public record Threshold(String basis, long people, long used, long left) {}

    /** @throws ProblemException NO_TRANSFER_BASIS with every market and class of data that lacks one */
    void requireAllowed() {
        if (allowed) {
            return;
        }
        var refused =
                markets.stream().filter(market -> !market.verdict().allowed()).toList();
        var sentence = new StringBuilder();
        for (var market : refused) {
            var classes = market.verdict().notCovered();
            sentence.append(sentence.isEmpty() ? "" : " ")
                    .append(
                            classes.isEmpty()
                                    ? "The market " + market.market() + " does not let its accounts live in "
                                            + market.to() + "."
                                    : "No transfer basis is held for " + String.join(", ", classes)
                                            + " of the market " + market.market() + " from " + market.from() + " to "
                                            + market.to() + ".");
        }
        throw new ProblemException(
                ErrorCode.NO_TRANSFER_BASIS,
                sentence.toString(),
                Map.of(
                        "refused",
                        refused.stream()
                                .map(market -> Map.of(
                                        "market", market.market(),
                                        "to", market.to(),
                                        "accounts", market.accounts(),
                                        "notCovered", market.verdict().notCovered(),
                                        "exhausted", market.verdict().exhausted(),
                                        "allowedRegions", market.verdict().allowedRegions()))
                                .toList()));
    }
}
