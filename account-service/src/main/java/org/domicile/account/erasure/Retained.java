package org.domicile.account.erasure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.domicile.account.law.MarketLaw;
import org.domicile.platform.erasure.ErasureConfig;

/**
 * What is left after an erasure, and for how long.
 *
 * @param recordClass class of data
 * @param what in one sentence
 */
public record Retained(@JsonProperty("class") String recordClass, String what, long days) {
    static List<Retained> under(MarketLaw law, ErasureConfig list) {
        var retained = new ArrayList<Retained>();
        retained.add(new Retained(
                "erasure-list",
                "A hash of the account's id with the erasure's id and times, so that a restored backup cannot bring the"
                        + " account back.",
                list.remembered().toDays()));
        law.logRetention()
                .ifPresent(retention -> retained.add(new Retained(
                        "legal-logs",
                        "The account's id, kinds and times of events, no content, because the law wants logs kept: "
                                + law.law() + ".",
                        retention.toDays())));
        return List.copyOf(retained);
    }
}
