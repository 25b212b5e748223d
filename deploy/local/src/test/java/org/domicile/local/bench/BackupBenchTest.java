package org.domicile.local.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.domicile.local.LocalFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupBenchTest {
    @TempDir
    private Path folder;

    @Test
    void sizes_are_read_as_people_write_them() {
        assertEquals(77, BackupBenchCommand.bytes("77"));
        assertEquals(512L << 20, BackupBenchCommand.bytes("512m"));
        assertEquals(2L << 30, BackupBenchCommand.bytes("2G"));
        assertThrows(LocalFailure.class, () -> BackupBenchCommand.bytes("2 GB"));
    }

    @Test
    void the_data_has_the_size_and_is_the_same_each_time() throws IOException {
        var one = BenchData.at(folder.resolve("one"), 20 << 20);
        var two = BenchData.at(folder.resolve("two"), 20 << 20);

        assertEquals(20 << 20, bytes(one), (20 << 20) / 100.0);
        assertEquals(-1, Files.mismatch(one.resolve("video/day-1.mp4"), two.resolve("video/day-1.mp4")));
        assertTrue(Files.exists(one.resolve("photos/IMG_00002.jpg")));
        assertTrue(Files.exists(one.resolve("notes/0001/000200.txt")));
    }

    @Test
    void ratios_are_of_medians() {
        var phase = BackupResults.Phase.of(List.of(1.0, 9.0, 2.0), List.of(4.0, 4.0, 100.0));

        assertEquals(0.5, phase.ratio());
        assertEquals(2.5, BackupResults.median(List.of(4.0, 1.0, 3.0, 2.0)));
    }

    private static double bytes(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
