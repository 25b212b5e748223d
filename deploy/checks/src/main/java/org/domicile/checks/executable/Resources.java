package org.domicile.checks.executable;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;

/** Files that a service reads from its own jar are in its executable, by name: nothing takes in all there is. */
final class Resources {
    private static final Pattern LITERAL = Pattern.compile("\"/([\\w./-]+\\.\\w+)\"");
    private static final Pattern LOCATIONS = Pattern.compile("(?m)^quarkus\\.flyway\\.locations=(.*)$");
    private static final String PLATFORM = "platform";
    private static final String NOBODY = "nobody/asked/for.this";
    /** Libraries that look files up by a name they compute: an import, and one such file. */
    private static final Map<String, String> COMPUTED = Map.of(
            "import com.google.i18n.phonenumbers.PhoneNumberUtil;",
            "com/google/i18n/phonenumbers/data/PhoneNumberMetadataProto_CN");

    private final Sources sources;

    Resources(Sources sources) {
        this.sources = sources;
    }

    List<String> violations(NativeSources executable) {
        var found = new ArrayList<String>();
        if (executable.includes(NOBODY)) {
            found.add(executable.service() + ": a pattern of resources takes in everything.");
        }
        needed(executable.service()).stream()
                .filter(name -> !executable.includes(name))
                .map(name -> executable.service() + ": " + name + " is read, but not in the executable.")
                .forEach(found::add);
        return found;
    }

    /** Names of files that the service reads from its jars. */
    List<String> needed(String service) {
        var needed = new ArrayList<String>();
        for (var module : List.of(service, PLATFORM)) {
            for (var file : sources.files(module + "/src/main/java", ".java")) {
                var text = sources.read(sources.relative(file));
                if (text.contains("getResource")) {
                    LITERAL.matcher(text).results().map(m -> m.group(1)).forEach(needed::add);
                }
                COMPUTED.forEach((library, resource) -> {
                    if (text.contains(library)) {
                        needed.add(resource);
                    }
                });
            }
        }
        needed.addAll(scripts(service));
        return needed;
    }

    private List<String> scripts(String service) {
        var scripts = new ArrayList<String>();
        var locations = LOCATIONS.matcher(sources.read(service + "/src/main/resources/application.properties"));
        if (locations.find()) {
            for (var location : locations.group(1).split(",")) {
                for (var module : List.of(service, PLATFORM)) {
                    var folder = module + "/src/main/resources/" + location;
                    if (Files.isDirectory(sources.path(folder))) {
                        sources.files(folder, ".sql").forEach(f -> scripts.add(location + "/" + f.getFileName()));
                    }
                }
            }
        }
        return scripts;
    }
}
