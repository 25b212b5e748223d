package org.domicile.checks.docs;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The SQL that runbooks have an operator run: {@code psql [DATABASE] -c "…"}. */
public final class Statements {
    private static final Pattern STATEMENT = Pattern.compile("psql (?:(\\w+) )?-c \"([^\"]+)\"");

    private Statements() {}

    /** @param database empty for one that looks at the server alone */
    public record Statement(String page, Optional<String> database, String sql) {}

    /** @param text Markdown */
    public static List<Statement> of(String page, String text) {
        return STATEMENT
                .matcher(text)
                .results()
                .map(m -> new Statement(page, Optional.ofNullable(m.group(1)), m.group(2)))
                .toList();
    }
}
