package org.domicile.client.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;

/** Keeps profiles in {@code profiles/<name>.json} below the data folder, readable by their owner only, written whole or not at all. */
final class ProfileStore {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}");

    private final Path folder;

    ProfileStore(Path home) {
        folder = home.resolve("profiles");
    }

    boolean exists(String name) {
        return Files.exists(file(name));
    }

    /** @throws CommandException when there is none */
    Profile load(String name) throws IOException {
        try {
            return MAPPER.readValue(Files.readAllBytes(file(name)), Profile.class);
        } catch (NoSuchFileException e) {
            throw new CommandException("There is no profile " + name
                    + ": open an account with 'account create', or name another with --profile");
        }
    }

    void save(String name, Profile profile) throws IOException {
        Path file = file(name);
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(folder, posix ? permissions("rwx------") : new FileAttribute<?>[0]);
        Path draft =
                Files.createTempFile(folder, name, ".tmp", posix ? permissions("rw-------") : new FileAttribute<?>[0]);
        try {
            Files.write(draft, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(profile));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A profile's name is made of letters, digits and . _ @ + -, not \"" + name + "\"");
        }
        return folder.resolve(name + ".json");
    }

    private static FileAttribute<?>[] permissions(String text) {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString(text)))
        };
    }
}
