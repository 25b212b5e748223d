package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;

/** A figure of the capacity page that was measured is a link, and stands on the page that it leads to, below that heading. */
class CapacityTest {
    private static final Pattern FIGURE = Pattern.compile("\\[(\\d[^]]*)]\\(([\\w-]+\\.md)#([\\w-]+)\\)");
    private final Sources sources = Sources.here();

    @Test
    void every_measured_figure_stands_where_it_was_measured() {
        var page = sources.read("docs/capacity.md");

        assertTrue(FIGURE.matcher(page).results().count() >= 7, "the figures were found");
        assertEquals(List.of(), missing(page));
    }

    @Test
    void a_figure_that_stands_nowhere_is_found() {
        assertEquals(
                List.of(
                        "16,400 is not in performance-of-messaging.md#measured",
                        "19.1 kB is not in native.md#not-shown"),
                missing(
                        "[16,400](performance-of-messaging.md#measured), [19.1 kB](performance-of-messaging.md#measured), [19.1 kB](native.md#not-shown)"));
    }

    @Test
    void nothing_is_called_measured_without_a_link() {
        var page = sources.read("docs/capacity.md");

        assertTrue(!page.contains("Measured:") && !page.contains("(measured"), "figures are links");
    }

    private List<String> missing(String page) {
        var missing = new ArrayList<String>();
        FIGURE.matcher(page).results().forEach(figure -> {
            if (!section(figure.group(2), figure.group(3)).contains(figure.group(1))) {
                missing.add(figure.group(1) + " is not in " + figure.group(2) + "#" + figure.group(3));
            }
        });
        return missing;
    }

    private String section(String page, String anchor) {
        var text = new StringBuilder();
        var isIn = false;
        for (var line : sources.read("docs/" + page).lines().toList()) {
            if (line.startsWith("#")) {
                isIn = line.replaceAll("[^\\w -]", "").strip().replace(' ', '-').equalsIgnoreCase(anchor);
            }
            text.append(isIn ? line + "\n" : "");
        }
        return text.toString();
    }
}
