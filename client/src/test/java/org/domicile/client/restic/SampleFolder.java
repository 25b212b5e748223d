package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder with what makes backups fail: empty and large files, odd names, links, modes, old times. */
final class SampleFolder {
    private SampleFolder() {}

    static Path create(Path root) throws IOException {
        Random random = new Random(42);
        Path deep = Files.createDirectories(root.resolve("a/b/c"));
        Files.createDirectories(root.resolve("empty folder"));
        Files.createFile(root.resolve("empty"));
        Files.writeString(root.resolve("quote \" back\\slash"), "q");
        Files.writeString(
                RawPath.child(root, "照片 – ünï 🦊.txt".getBytes(java.nio.charset.StandardCharsets.UTF_8)), "名前");
        Files.write(RawPath.child(root, new byte[] {'n', 'o', 't', (byte) 0xff}), new byte[] {1});
        Files.write(deep.resolve("large"), bytes(random, 21_000_000));
        Files.write(deep.resolve("zeros"), new byte[9_000_000]);
        for (int i = 0; i < 300; i++) {
            Files.write(deep.resolve("small" + i), bytes(random, i * 37));
        }
        Files.createSymbolicLink(root.resolve("link"), Path.of("a/b/c/large"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("../nowhere"));
        Files.setPosixFilePermissions(deep.resolve("small1"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setLastModifiedTime(
                deep.resolve("small2"), FileTime.from(Instant.parse("1999-12-31T23:59:59.123456789Z")));
        Files.setLastModifiedTime(root.resolve("empty folder"), FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        return root;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return content;
    }

    static void assertSame(Path expected, Path actual) throws IOException {
        Map<String, Path> left = entries(expected);
        Map<String, Path> right = entries(actual);
        assertEquals(left.keySet(), right.keySet());
        for (Map.Entry<String, Path> entry : left.entrySet()) {
            Path one = entry.getValue();
            Path other = right.get(entry.getKey());
            assertEquals(attributes(one), attributes(other), entry.getKey());
            if (Files.isSymbolicLink(one)) {
                assertEquals(Files.readSymbolicLink(one), Files.readSymbolicLink(other));
            } else if (Files.isRegularFile(one)) {
                assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other), entry.getKey());
            }
        }
    }

    private static Map<String, Object> attributes(Path path) throws IOException {
        String names = Files.isSymbolicLink(path) ? "unix:mode" : "unix:mode,lastModifiedTime,uid,gid";
        return Files.readAttributes(path, names, LinkOption.NOFOLLOW_LINKS);
    }

    private static Map<String, Path> entries(Path root) throws IOException {
        Map<String, Path> map = new TreeMap<>();
        String base = root.toUri().getRawPath();
        try (Stream<Path> paths = Files.walk(root)) {
            paths.filter(path -> !path.equals(root))
                    .forEach(path -> map.put(path.toUri().getRawPath().substring(base.length()), path));
        }
        return map;
    }
}
