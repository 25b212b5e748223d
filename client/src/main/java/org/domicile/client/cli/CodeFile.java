package org.domicile.client.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.domicile.client.sdk.Identifier;

/** One-time codes of a local stack: one file an identifier, its name URL-encoded, with the latest code. */
final class CodeFile {
    private static final long POLL_MILLIS = 100;

    private final Path folder;

    CodeFile(Path folder) {
        this.folder = folder;
    }

    boolean exist() {
        return Files.isDirectory(folder);
    }

    /** Waits for a code that was written since then. */
    String await(Identifier identifier, Instant since, Duration longest) throws IOException {
        Path file = folder.resolve(URLEncoder.encode(identifier.value(), StandardCharsets.UTF_8));
        Instant end = Instant.now().plus(longest);
        while (Instant.now().isBefore(end)) {
            if (Files.exists(file)
                    && !Files.getLastModifiedTime(file).toInstant().isBefore(since.minusSeconds(1))) {
                String code = Files.readString(file).strip();
                if (!code.isEmpty()) {
                    return code;
                }
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Waiting for the code was interrupted");
            }
        }
        throw new CommandException(
                "No one-time code came: perhaps this e-mail address or phone number has an account already");
    }
}
