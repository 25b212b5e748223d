package org.domicile.checks.network;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The arrows that the operators' page lists, by its tables. */
public final class ArrowTable {
    private static final int COLUMNS = 5;

    private ArrowTable() {}

    /**
     * @param page Markdown, a table of {@code from | to | port | why} below each heading
     * @param headings the tables that hold
     */
    public static Set<Arrow> of(String page, Set<String> headings) {
        var arrows = new TreeSet<Arrow>();
        var holds = false;
        for (var line : page.lines().toList()) {
            if (line.startsWith("#")) {
                holds = headings.contains(line.replaceFirst("#+\\s*", ""));
            } else if (holds && line.startsWith("|")) {
                row(line, arrows);
            }
        }
        return arrows;
    }

    private static void row(String line, Set<Arrow> arrows) {
        var cells = line.split("\\|");
        if (cells.length < COLUMNS || !cells[3].matches(" *\\d[\\d, /UDP-]*")) {
            return;
        }
        names(cells[1]).forEach(from -> names(cells[2])
                .forEach(to -> names(cells[3]).forEach(port -> arrows.add(new Arrow(from, to, port)))));
    }

    private static Stream<String> names(String cell) {
        return Arrays.stream(cell.split(",")).map(String::strip).map(n -> n.replace("*", "")
                .replace(' ', '-'));
    }
}
