package org.domicile.local.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.domicile.local.LocalFailure;

/** Held by the launcher that runs the stack of a folder; the system lets go of it however the launcher ends. */
public final class StackLock implements AutoCloseable {
    private final FileChannel channel;

    private StackLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Empty if another launcher holds it. */
    public static Optional<StackLock> take(Path file) {
        try {
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel)) {
                return Optional.of(new StackLock(channel));
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new LocalFailure("The lock " + file + " cannot be taken: " + e.getMessage(), e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LocalFailure("The lock cannot be released: " + e.getMessage(), e);
        }
    }
}
