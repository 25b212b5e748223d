package org.domicile.local.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackLockTest {
    @TempDir
    Path folder;

    @Test
    void a_second_launcher_does_not_get_it_until_the_first_lets_go() {
        var file = folder.resolve("lock");
        var first = StackLock.take(file).orElseThrow();

        assertTrue(StackLock.take(file).isEmpty());

        first.close();
        assertTrue(StackLock.take(file).isPresent());
    }
}
