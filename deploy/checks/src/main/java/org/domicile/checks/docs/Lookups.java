package org.domicile.checks.docs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.domicile.checks.Sources;

/** What a page looks for in a log is something that the service says. */
public final class Lookups {
    private static final Pattern SEARCH =
            Pattern.compile("logs deployment/(\\w+)[^|\\n]*\\| grep ((?:-\\w+ )*)(?:\"([^\"]+)\"|(\\S+))");
    private static final Pattern STATEMENT =
            Pattern.compile("LOG\\s*\\.(?:debug|info|warn|error)f?\\(\\s*\"([^\"]*)\"", Pattern.DOTALL);
    private static final Map<String, String> MODULES = Map.of(
            "account", "account-service/",
            "backup", "cloud-backup-service/",
            "messaging", "messaging-service/",
            "migration", "migration-service/");
    private static final String SHARED = "platform/";
    private static final Set<String> LEVELS = Set.of("error", "warn", "info");

    private final Map<String, List<String>> said;

    public Lookups(Sources sources) {
        this.said = MODULES.keySet().stream()
                .collect(Collectors.toMap(service -> service, service -> statements(sources, MODULES.get(service))));
        var shared = statements(sources, SHARED);
        said.values().forEach(all -> all.addAll(shared));
    }

    /** @param page Markdown */
    public List<String> violations(String name, String page) {
        var found = new ArrayList<String>();
        var search = SEARCH.matcher(page);
        while (search.find()) {
            var words = search.group(3) == null ? search.group(4) : search.group(3);
            var wanted = search.group(2).contains("E") ? words.split("\\|") : new String[] {words};
            Arrays.stream(wanted)
                    .filter(text -> !says(search.group(1), text))
                    .forEach(text -> found.add(name + ": " + search.group(1) + " never logs \"" + text + "\"."));
        }
        return found;
    }

    private boolean says(String service, String text) {
        var wanted = text.toLowerCase(Locale.ROOT);
        return LEVELS.contains(wanted)
                || said.getOrDefault(service, List.of()).stream().anyMatch(event -> event.contains(wanted));
    }

    /** The words of each statement, without its fields, which a log in JSON has apart. */
    private static List<String> statements(Sources sources, String module) {
        var events = new ArrayList<String>();
        for (var file : sources.files(module + "src/main", ".java")) {
            var statement = STATEMENT.matcher(sources.read(sources.relative(file)));
            while (statement.find()) {
                events.add(statement.group(1).replaceFirst(" \\w+=%.*", "").toLowerCase(Locale.ROOT));
            }
        }
        return events;
    }
}
