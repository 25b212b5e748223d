package org.domicile.account.notice;

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

/** Leaves the latest notice in a file named after the identifier, URL-encoded. */
public class FileNoticeSender implements NoticeSender {
    private final Path directory;
    private final Vertx vertx;

    public FileNoticeSender(Path directory, Vertx vertx) {
        this.directory = directory;
        this.vertx = vertx;
    }

    @Override
    public Uni<Void> send(Identifier identifier, Notice notice) {
        return vertx.executeBlocking(() -> write(identifier, notice)).replaceWithVoid();
    }

    private Path write(Identifier identifier, Notice notice) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createDirectories(directory);
        var file = Files.createTempFile(directory, ".notice", null, ownerOnly);
        Files.writeString(file, notice.text());
        return Files.move(
                file,
                directory.resolve(URLEncoder.encode(identifier.value(), UTF_8)),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
