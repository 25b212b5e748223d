package org.domicile.client.restic;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A restore found no room. The files that bear their names by then are whole; of the others nothing is left. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskFullException(Path target, long files, Progress progress, IOException cause) {
        super(
                "The disk of " + target + " is full: " + files + " of " + progress.totalFiles()
                        + " files are restored, each whole; make room for "
                        + Math.max(1, (progress.totalBytes() - progress.doneBytes()) >> 20)
                        + " MiB more, or choose another folder, and restore again",
                cause);
    }

    /** The system has no code for it in Java, only its text; a quota that is used up is the same to the owner. */
    static boolean isCause(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String text = at instanceof FileSystemException system ? system.getReason() : at.getMessage();
            if (at instanceof IOException
                    && text != null
                    && (text.contains("No space left on device") || text.contains("quota exceeded"))) {
                return true;
            }
        }
        return false;
    }
}
