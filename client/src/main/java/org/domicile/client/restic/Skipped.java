package org.domicile.client.restic;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Something that a backup did not store as it should.
 *
 * @param detail one sentence's end, for a person
 */
public record Skipped(String path, Reason reason, String detail) {

    /** Why. */
    public enum Reason {
        /** A socket, pipe or device: it has no content to keep. */
        SPECIAL,
        /** The system does not let us read it. */
        UNREADABLE,
        /** It was listed, and gone when its turn came. */
        VANISHED,
        /** It is in the snapshot, but was written to meanwhile: old and new may be mixed. The next backup reads it again. */
        CHANGED
    }

    static Skipped special(Path path) {
        return new Skipped(path.toString(), Reason.SPECIAL, "it is a socket, a pipe or a device");
    }

    static Skipped changed(Path path) {
        return new Skipped(path.toString(), Reason.CHANGED, "it changed while it was read");
    }

    static Skipped of(Path path, IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return new Skipped(path.toString(), Reason.VANISHED, "it vanished during the backup");
        }
        if (failure instanceof AccessDeniedException) {
            return new Skipped(path.toString(), Reason.UNREADABLE, "permission denied");
        }
        String reason = failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
        return new Skipped(path.toString(), Reason.UNREADABLE, reason == null ? "it cannot be read" : reason);
    }

    /** One sentence for a person. */
    public String sentence() {
        return (reason == Reason.CHANGED ? "Backed up, but perhaps mixed: " : "Not backed up: ") + path + " (" + detail
                + ")";
    }
}
