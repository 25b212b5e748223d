package org.domicile.backup.crash;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service writes nothing but temporary files, and no more of them than a pod takes. */
class ReadOnlyRootIT {
    private static final Path POD = Path.of("../deploy/kubernetes/base/services/pod.yaml");
    private static final Pattern TEMPORARY = Pattern.compile("- name: tmp\\s+emptyDir: \\{sizeLimit: (\\d+)Mi}");
    private static final int SIZE = 24 << 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void a_phone_is_backed_up_and_restored() throws Exception {
        var root = new ReadOnlyRoot(Files.createDirectory(folder.resolve("tmp")), mebibytes());
        assumeTrue(root.runs("true"), "mounts of one's own cannot be made");
        assertTrue(root.runs("touch", root.temporary() + "/x"));
        assertFalse(root.runs("touch", folder + "/x"), "the rest is read-only");
        try (var parts = new Parts(folder)) {
            parts.service = parts.service(Map.of()).in(root);
            parts.start();
            parts.openAccount();
            var restic = parts.restic();
            var photos = Files.createDirectory(folder.resolve("photos"));
            var content = random(SIZE);
            Files.write(photos.resolve("one.jpg"), content);

            assertEquals(0, restic.run("init"), restic.log());
            assertEquals(0, restic.run("backup", photos.toString()), restic.log());
            var restored = folder.resolve("restored");
            assertEquals(0, restic.run("restore", "latest", "--target", restored.toString()), restic.log());

            assertArrayEquals(content, Files.readAllBytes(Path.of(restored.toString() + photos.resolve("one.jpg"))));
        }
    }

    private static int mebibytes() throws IOException {
        var size = TEMPORARY.matcher(Files.readString(POD));
        assertTrue(size.find());
        return Integer.parseInt(size.group(1));
    }
}
