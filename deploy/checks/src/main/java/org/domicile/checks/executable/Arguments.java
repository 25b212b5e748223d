package org.domicile.checks.executable;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The compiler makes a real executable of the service's jar, and is not told to look away. */
final class Arguments {
    private static final List<String> LOOKS_AWAY = List.of(
            "--force-fallback",
            "--auto-fallback",
            "--allow-incomplete-classpath",
            "--report-unsupported-elements-at-runtime",
            "-H:+ReportUnsupportedElementsAtRuntime",
            "-H:IncludeResources=",
            "--initialize-at-run-time=org.domicile");

    List<String> violations(NativeSources executable) {
        var arguments = executable.arguments();
        var found = new ArrayList<String>();
        if (!arguments.contains("--no-fallback")) {
            found.add(executable.service() + ": --no-fallback is missing.");
        }
        if (arguments.indexOf("-jar") != arguments.size() - 2 || !Files.isRegularFile(executable.jar())) {
            found.add(executable.service() + ": the last argument is not -jar with the service's jar.");
        }
        for (var argument : arguments) {
            if (LOOKS_AWAY.stream().anyMatch(argument::startsWith)) {
                found.add(executable.service() + ": " + argument + " hides what the code should register.");
            }
        }
        return found;
    }
}
