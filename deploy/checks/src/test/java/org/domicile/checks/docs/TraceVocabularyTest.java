package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;

/** What spans say keeps to {@code docs/traces.md}: one class names all attributes, and nobody else makes spans. */
class TraceVocabularyTest {
    private static final String TRACE = "platform/src/main/java/org/domicile/platform/trace/";
    private static final Pattern KEY = Pattern.compile("AttributeKey\\.\\w+\\(\"([^\"]+)\"\\)");
    private static final Pattern BY_TEXT = Pattern.compile("setAttribute\\(\\s*\"|addEvent\\(|recordException\\(");
    private static final Pattern MAKES = Pattern.compile(
            "io\\.opentelemetry\\.(?!api\\.common\\.Attributes;)|quarkus\\.otel\\.instrument\\.[\\w-]+=true");

    private final Sources sources = Sources.here();

    @Test
    void every_attribute_is_in_the_vocabulary() {
        var page = sources.read("docs/traces.md");
        var keys = KEY.matcher(sources.read(TRACE + "TraceFields.java"))
                .results()
                .map(m -> m.group(1))
                .toList();

        assertTrue(keys.size() > 5, "the attributes were found");
        assertEquals(
                List.of(),
                keys.stream().filter(k -> !page.contains("`" + k + "`")).toList());
    }

    @Test
    void spans_are_made_in_one_place_and_say_nothing_in_free_text() {
        var wrong = new ArrayList<String>();
        for (var ending : List.of(".java", ".properties")) {
            for (var file : sources.files(".", ending)) {
                var name = sources.relative(file);
                if (name.contains("src/main/") && !name.startsWith("deploy/")) {
                    wrong.addAll(violations(name, sources.read(name)));
                }
            }
        }

        assertEquals(List.of(), wrong);
    }

    @Test
    void a_span_of_somebody_else_and_free_text_are_found() {
        assertEquals(List.of("x: makes spans."), violations("x", "import io.opentelemetry.api.trace.Tracer;"));
        assertEquals(List.of("x: makes spans."), violations("x", "quarkus.otel.instrument.vertx-http=true"));
        assertEquals(
                List.of(TRACE + "X.java: says free text."),
                violations(TRACE + "X.java", "span.setAttribute(\"path\", path)"));
        assertEquals(List.of(), violations("x", "import io.opentelemetry.api.common.Attributes;"));
    }

    private static List<String> violations(String name, String text) {
        var wrong = new ArrayList<String>();
        if (!name.startsWith(TRACE) && MAKES.matcher(text).find()) {
            wrong.add(name + ": makes spans.");
        }
        if (BY_TEXT.matcher(text).find()) {
            wrong.add(name + ": says free text.");
        }
        return wrong;
    }
}
