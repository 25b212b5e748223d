package org.domicile.account.erasure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.domicile.account.law.MarketLaw;
import org.domicile.platform.erasure.ErasureConfig;
import org.domicile.platform.key.KeysConfig;

/**
 * What is left after an erasure, and for how long.
 *
 * @param recordClass class of data
 * @param what in one sentence
 */
public record Retained(@JsonProperty("class") String recordClass, String what, long days) {
    static List<Retained> under(MarketLaw law, ErasureConfig list, KeysConfig keys) {
        var retained = new ArrayList<Retained>();
        retained.add(new Retained(
                "erasure-list",
                "A hash of the account's id with the erasure's id and times, so that a restored backup cannot bring the"
                        + " account back.",
                list.remembered().toDays()));
        retained.add(new Retained(
                "key-backups",
                "Backups of the deleted keys: until they end, what other backups still have of the account could be"
                        + " read by who has them all and the region's key.",
                keys.backupsKept().toDays()));
        law.logRetention()
                .ifPresent(retention -> retained.add(new Retained(
                        "legal-logs",
                        "The account's id, kinds and times of events, no content, because the law wants logs kept: "
                                + law.law() + ".",
                        retention.toDays())));
        return List.copyOf(retained);
    }
}
