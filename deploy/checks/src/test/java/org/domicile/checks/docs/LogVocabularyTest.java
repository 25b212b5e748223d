package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;

/** What services write to their logs keeps to the fields of {@code docs/logs.md}. */
class LogVocabularyTest {
    private static final Pattern STATEMENT =
            Pattern.compile("LOG\\s*\\.(?:debug|info|warn|error)f?\\((.*?)\\);", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile(" ([a-zA-Z]+)=%");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\|");

    private final Sources sources = Sources.here();

    @Test
    void every_field_of_every_statement_is_in_the_vocabulary() {
        var known = vocabulary();
        var unknown = new TreeSet<String>();
        var statements = 0;
        for (var file : sources.files(".", ".java")) {
            var name = sources.relative(file);
            if (!name.contains("src/main/") || name.startsWith("deploy/") || name.startsWith("client/")) {
                continue;
            }
            var statement = STATEMENT.matcher(sources.read(name));
            while (statement.find()) {
                statements++;
                var field = FIELD.matcher(statement.group(1));
                while (field.find()) {
                    if (!known.contains(field.group(1))) {
                        unknown.add(name + ": " + field.group(1));
                    }
                }
            }
        }

        assertTrue(statements > 30, "the statements were found");
        assertEquals(Set.of(), unknown);
    }

    private Set<String> vocabulary() {
        return ROW.matcher(sources.read("docs/logs.md"))
                .results()
                .flatMap(row -> Arrays.stream(row.group(1).split(",")))
                .map(name -> name.replace("`", "").strip())
                .collect(Collectors.toSet());
    }
}
