package org.domicile.platform.retention;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * A class of stored data and when it ends. The purge, the metrics, the dry run and the table in {@code docs/retention.md} all come
 * from this declaration.
 *
 * @param name in kebab case, as in {@code markets.yaml} where that names it
 * @param what in one sentence
 * @param rows SQL: what follows {@code from}, such as {@code export where state = 'READY'}
 * @param item SQL: what an entry of the dry run names; an id
 * @param term empty for what stays as long as the account and goes with it
 */
public record RetentionClass(String name, String what, String rows, String item, Optional<Term> term) {
    private static final String ACCOUNT = "account_id::text";

    /**
     * The end of a class's items.
     *
     * @param limit the longest that an item may stay
     * @param since SQL: when an item's time began
     * @param due SQL: when it is to go
     * @param job the class that purges, for the docs
     * @param purge deletes what is due at a time, a batch or all; gives how many
     */
    public record Term(Duration limit, String since, String due, String job, Function<Instant, Uni<Long>> purge) {}

    /** One that goes when its account is erased or leaves. */
    public static RetentionClass ofTheAccount(String name, String what, String table) {
        return new RetentionClass(name, what, table, ACCOUNT, Optional.empty());
    }

    /** One whose items have an end of their own. */
    public static RetentionClass ending(String name, String what, String rows, Term term) {
        return new RetentionClass(name, what, rows, ACCOUNT, Optional.of(term));
    }

    public RetentionClass withItem(String sql) {
        return new RetentionClass(name, what, rows, sql, term);
    }

    /** This class's row of the table in {@code docs/retention.md}. */
    public String row() {
        return "| `" + name + "` | " + what + " | "
                + term.map(t -> text(t.limit())).orElse("as long as the account") + " | "
                + term.map(t -> "`" + t.job() + "`").orElse("erasure, or the end of a move") + " |";
    }

    private static String text(Duration limit) {
        if (limit.toHours() % 24 == 0) {
            return limit.toDays() + " days";
        }
        return limit.toMinutes() % 60 == 0 ? limit.toHours() + " h" : limit.toMinutes() + " min";
    }
}
