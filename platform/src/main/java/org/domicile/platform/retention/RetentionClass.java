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
 * @param term empty for what has no end of its own
 * @param kept for the docs: until when
 * @param end for the docs: what deletes it
 */
public record RetentionClass(
        String name, String what, String rows, String item, Optional<Term> term, String kept, String end) {
    private static final String ACCOUNT = "account_id::text";
    private static final String WITH_THE_ACCOUNT = "as long as the account";

    /**
     * The end of a class's items.
     *
     * @param limit the longest that an item may stay
     * @param since SQL: when an item's time began
     * @param due SQL: when it is to go
     * @param job the class that purges, for the docs
     * @param purge deletes what is due at a time, a batch or all; gives how many
     */
    public record Term(Duration limit, String since, String due, String job, Function<Instant, Uni<Long>> purge) {
        /** One whose job has a clock of its own: what is stored is measured, and not purged once more. */
        public static Term measured(Duration limit, String since, String due, String job) {
            return new Term(limit, since, due, job, now -> Uni.createFrom().item(0L));
        }

        /** One that ends so long after a time, given as SQL. */
        public static Term measuredAfter(String since, Duration limit, String job) {
            return measured(limit, since, after(since, limit), job);
        }
    }

    /** SQL: a time so long after another. */
    public static String after(String since, Duration limit) {
        return since + " + interval '" + limit.toSeconds() + " seconds'";
    }

    /** One that goes when its account is erased or leaves. */
    public static RetentionClass ofTheAccount(String name, String what, String table) {
        return lasting(name, what, table, WITH_THE_ACCOUNT, "erasure, or the end of a move");
    }

    /** One that stays where its account was, and goes when it is erased. */
    public static RetentionClass untilErasure(String name, String what, String table) {
        return lasting(name, what, table, WITH_THE_ACCOUNT, "erasure");
    }

    /** One without an end that can be dated. */
    public static RetentionClass lasting(String name, String what, String rows, String kept, String end) {
        return new RetentionClass(name, what, rows, ACCOUNT, Optional.empty(), kept, end);
    }

    /** One whose items have an end of their own. */
    public static RetentionClass ending(String name, String what, String rows, Term term) {
        return new RetentionClass(
                name, what, rows, ACCOUNT, Optional.of(term), text(term.limit()), "`" + term.job() + "`");
    }

    public RetentionClass withItem(String sql) {
        return new RetentionClass(name, what, rows, sql, term, kept, end);
    }

    /** This class's row of the table in {@code docs/retention.md}. */
    public String row() {
        return "| `" + name + "` | " + what + " | " + kept + " | " + end + " |";
    }

    private static String text(Duration limit) {
        if (limit.isZero()) {
            return "at once";
        }
        if (limit.toMinutes() % Duration.ofDays(1).toMinutes() == 0) {
            return limit.toDays() == 1 ? "1 day" : limit.toDays() + " days";
        }
        return limit.toMinutes() % 60 == 0 ? limit.toHours() + " h" : limit.toMinutes() + " min";
    }
}
