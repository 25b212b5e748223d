package org.domicile.local.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.domicile.local.home.PrivateFiles;

/** One file per running part, so that a later start finds and ends what a killed launcher left behind, and only that. */
public record PidFiles(Path folder) {
    /** The name of the process that runs the stack. */
    public static final String LAUNCHER = "launcher";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".pid";

    public void record(String part, ProcessIdentity identity) {
        try {
            PrivateFiles.write(file(part), JSON.writeValueAsString(identity));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public void forget(String part) {
        try {
            Files.deleteIfExists(file(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<ProcessIdentity> of(String part) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file(part)), ProcessIdentity.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Every part that a file names and whose process still runs. */
    public Map<String, ProcessHandle> running() {
        var running = new TreeMap<String, ProcessHandle>();
        if (!Files.isDirectory(folder)) {
            return running;
        }
        try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (var file : files) {
                var name = file.getFileName().toString();
                var part = name.substring(0, name.length() - SUFFIX.length());
                of(part).flatMap(ProcessIdentity::alive).ifPresent(p -> running.put(part, p));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return running;
    }

    private Path file(String part) {
        return folder.resolve(part + SUFFIX);
    }
}
