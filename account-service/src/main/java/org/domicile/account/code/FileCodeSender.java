package org.domicile.account.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.domicile.account.profile.Identifier;

/**
 * Leaves the latest code in a file named after the identifier, URL-encoded, readable by its owner only; what a gateway would send with
 * it lies under the same name in the folder {@code messages}.
 */
public class FileCodeSender implements CodeSender {
    private final Path directory;
    private final Vertx vertx;

    public FileCodeSender(Path directory, Vertx vertx) {
        this.directory = directory;
        this.vertx = vertx;
    }

    @Override
    public Uni<Void> send(Identifier identifier, CodeMessage message) {
        return vertx.executeBlocking(() -> write(identifier, message)).replaceWithVoid();
    }

    private Path write(Identifier identifier, CodeMessage message) throws IOException {
        write(directory.resolve("messages"), identifier, message.text());
        return write(directory, identifier, message.code());
    }

    private static Path write(Path folder, Identifier identifier, String text) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createDirectories(folder);
        var file = Files.createTempFile(folder, ".code", null, ownerOnly);
        Files.writeString(file, text);
        return Files.move(
                file,
                folder.resolve(URLEncoder.encode(identifier.value(), UTF_8)),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
