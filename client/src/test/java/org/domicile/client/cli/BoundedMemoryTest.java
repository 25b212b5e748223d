package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.domicile.client.restic.RestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file far larger than the heap, most of it a hole, the rest random. */
class BoundedMemoryTest {
    private static final long GIB = 1L << 30;
    private static final long SIZE = 5 * GIB / 2;
    private static final int RANDOM = 2 << 20;

    @TempDir
    Path temporary;

    @Test
    void a_file_of_any_size_is_backed_up_and_verified_within_96_mib_of_heap() throws Exception {
        Path source = Files.createDirectory(temporary.resolve("source"));
        long written = write(source.resolve("video"));
        try (RestServer server = new RestServer()) {
            CommandLineProcess domicile = new CommandLineProcess(temporary.resolve("home"), server, "-Xmx96m");

            CommandLineProcess.Result backup = domicile.run("backup", source.toString(), "--json");
            CommandLineProcess.Result verified = domicile.run("verify");

            assertEquals(0, backup.code(), backup.output());
            assertTrue(backup.output().contains("\"bytes\":" + SIZE), backup.output());
            assertTrue(server.packBytesStored() >= written, "stored " + server.packBytesStored());
            assertTrue(verified.output().contains("1 of 1 file safe"), verified.output());
        }
    }

    /** Returns the random bytes written. */
    private static long write(Path file) throws IOException {
        Random random = new Random(1);
        byte[] content = new byte[RANDOM];
        long written = 0;
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(SIZE);
            for (long at = 0; at < SIZE; at += 32L * RANDOM) {
                random.nextBytes(content);
                sparse.seek(at);
                sparse.write(content);
                written += content.length;
            }
        }
        return written;
    }
}
