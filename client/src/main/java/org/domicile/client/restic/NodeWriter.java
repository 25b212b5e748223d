package org.domicile.client.restic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.OffsetDateTime;
import java.util.Map;

/** Gives a restored file the metadata of its node: owner (where the process may), permissions, times. */
final class NodeWriter {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private NodeWriter() {}

    static void apply(Node node, Path path) throws IOException {
        boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
        if (unix && ROOT) {
            owner(node, path);
        }
        FileTime time = FileTime.from(OffsetDateTime.parse(node.mtime()).toInstant());
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, time, null);
        if (unix && !node.isLink()) {
            Files.setAttribute(path, "unix:mode", FileMode.toUnix(node.mode()), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static void owner(Node node, Path path) throws IOException {
        Map<String, Object> now = Files.readAttributes(path, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
        if (((Number) now.get("uid")).longValue() != node.uid()) {
            Files.setAttribute(path, "unix:uid", (int) node.uid(), LinkOption.NOFOLLOW_LINKS);
        }
        if (((Number) now.get("gid")).longValue() != node.gid()) {
            Files.setAttribute(path, "unix:gid", (int) node.gid(), LinkOption.NOFOLLOW_LINKS);
        }
    }
}
