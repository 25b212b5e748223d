package org.domicile.client.restic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of what a backup leaves out, as restic reads them: {@code *} and {@code ?} match within a name, {@code [a-z]} one character of
 * a class, {@code **} any number of folders. A pattern that starts with a slash is an absolute path; any other matches at any depth. A
 * folder that matches is left out with all below it; a later pattern that starts with {@code !} takes back what an earlier one left out.
 */
public final class Excludes {
    public static final Excludes NONE = new Excludes(List.of(), List.of());

    /** One pattern, ready to match. */
    private record Rule(Pattern path, boolean takesBack) {}

    private final List<String> patterns;
    private final List<Rule> rules;

    private Excludes(List<String> patterns, List<Rule> rules) {
        this.patterns = patterns;
        this.rules = rules;
    }

    /** @throws IllegalArgumentException for a pattern that cannot be read */
    public static Excludes of(List<String> patterns) {
        return new Excludes(
                List.copyOf(patterns), patterns.stream().map(Excludes::rule).toList());
    }

    /** The patterns of a file, one a line; empty lines and those that start with {@code #} are comments. */
    public static List<String> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    /** As they were given, in order. */
    public List<String> patterns() {
        return patterns;
    }

    /** @param path absolute */
    boolean exclude(Path path) {
        if (rules.isEmpty()) {
            return false;
        }
        String text = text(path);
        boolean excluded = false;
        for (Rule rule : rules) {
            if (excluded == rule.takesBack() && rule.path().matcher(text).matches()) {
                excluded = !rule.takesBack();
            }
        }
        return excluded;
    }

    /** Whatever the process's locale: the names are read as UTF-8. */
    private static String text(Path path) {
        StringBuilder text = new StringBuilder();
        for (Path at = path; at.getFileName() != null; at = at.getParent()) {
            text.insert(0, "/" + new String(RawPath.name(at), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    private static Rule rule(String given) {
        boolean takesBack = given.startsWith("!");
        String pattern = takesBack ? given.substring(1) : given;
        boolean absolute = pattern.startsWith("/");
        if (pattern.replace("/", "").isBlank()) {
            throw new IllegalArgumentException("An exclude pattern is empty: it would leave out everything");
        }
        StringBuilder regex = new StringBuilder(absolute ? "" : "(?:/.*)?");
        for (String name : pattern.split("/")) {
            if (name.equals("**")) {
                regex.append("(?:/.*)?");
            } else if (!name.isEmpty()) {
                regex.append('/').append(name(name, given));
            }
        }
        try {
            return new Rule(Pattern.compile(regex + "(?:/.*)?", Pattern.DOTALL), takesBack);
        } catch (PatternSyntaxException e) {
            throw unreadable(given);
        }
    }

    /** A name's pattern as a regular expression. */
    private static String name(String name, String given) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '*' -> regex.append("[^/]*");
                case '?' -> regex.append("[^/]");
                case '[' -> {
                    int end = name.indexOf(']', i + 2);
                    if (end < 0) {
                        throw unreadable(given);
                    }
                    String members = name.substring(i + 1, end);
                    regex.append('[')
                            .append(members.replace("[", "\\[").replace("&", "\\&"))
                            .append(']');
                    i = end;
                }
                case '\\' -> {
                    i++;
                    if (i == name.length()) {
                        throw unreadable(given);
                    }
                    regex.append(Pattern.quote(String.valueOf(name.charAt(i))));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    private static IllegalArgumentException unreadable(String pattern) {
        return new IllegalArgumentException("The exclude pattern \"" + pattern
                + "\" cannot be read: close its brackets, and end no pattern with a backslash");
    }
}
