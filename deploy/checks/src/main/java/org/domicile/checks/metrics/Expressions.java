package org.domicile.checks.metrics;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names of metrics in a PromQL expression. */
public final class Expressions {
    private static final Pattern LABELS = Pattern.compile("\\{[^}]*}|\\b(by|without|on|ignoring)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("\\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+|up)\\b(?!\\s*\\()");

    private Expressions() {}

    public static Set<String> metrics(String expression) {
        var names = new TreeSet<String>();
        var name = NAME.matcher(LABELS.matcher(expression).replaceAll(" "));
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }
}
