package org.domicile.local.part;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.domicile.local.home.PrivateFiles;

/** A Java properties file, in the order given. */
final class PropertiesFile {
    private PropertiesFile() {}

    static Path write(Path file, Map<String, ?> settings) {
        PrivateFiles.write(
                file,
                settings.entrySet().stream()
                        .map(e -> e.getKey() + "=" + escape(String.valueOf(e.getValue())))
                        .collect(Collectors.joining("\n", "", "\n")));
        return file;
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n");
    }
}
