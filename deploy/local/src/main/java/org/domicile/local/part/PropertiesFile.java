package org.domicile.local.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.domicile.local.LocalFailure;
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

    /** What stands in the file; nothing if there is none. */
    static Map<String, String> read(Path file) {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException | IllegalArgumentException e) {
            throw new LocalFailure("The settings in " + file + " cannot be read: " + e.getMessage(), e);
        }
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(n -> n, properties::getProperty));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n");
    }
}
