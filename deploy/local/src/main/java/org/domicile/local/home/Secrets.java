package org.domicile.local.home;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.domicile.local.LocalFailure;

/** Passwords of the parts: drawn once, 192 bits each in hexadecimal, which a command line never takes for an option, and remembered in {@code secrets.json}. */
public final class Secrets {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BYTES = 24;

    private final Path file;
    private final SecureRandom random;
    private final Map<String, String> values;

    public Secrets(Path file, SecureRandom random) {
        this.file = file;
        this.random = random;
        this.values = load(file);
    }

    public synchronized String of(String name) {
        var known = values.get(name);
        if (known != null) {
            return known;
        }
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        var made = HexFormat.of().formatHex(bytes);
        values.put(name, made);
        try {
            PrivateFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(values));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return made;
    }

    private static Map<String, String> load(Path file) {
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        try {
            return JSON.readValue(PrivateFiles.read(file), new TypeReference<TreeMap<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new LocalFailure("The file " + file + " is damaged: restore it, or run ./domicile clean.", e);
        }
    }
}
