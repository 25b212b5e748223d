package org.domicile.client.restic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads a file's metadata from the file system into a node without content. Safe for threads. */
final class NodeReader {
    private static final String UNIX = "unix:mode,ino,dev,nlink,uid,gid,size,lastModifiedTime,ctime";

    /** Names of owners and groups by number: asking the system for each file is slow. */
    private final Map<Long, String[]> owners = new ConcurrentHashMap<>();

    private final boolean unix;

    NodeReader(Path root) {
        unix = root.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /** Null for what is neither file, folder nor symbolic link. */
    Node read(Path path) throws IOException {
        BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String type = basic.isRegularFile()
                ? Node.FILE
                : basic.isDirectory() ? Node.FOLDER : basic.isSymbolicLink() ? Node.LINK : null;
        if (type == null) {
            return null;
        }
        String name = QuotedName.quote(RawPath.name(path));
        byte[] target = type.equals(Node.LINK) ? RawPath.target(Files.readSymbolicLink(path)) : null;
        String text = target == null ? null : new String(target, StandardCharsets.UTF_8);
        byte[] raw = text == null || Arrays.equals(text.getBytes(StandardCharsets.UTF_8), target) ? null : target;
        String mtime = time(basic.lastModifiedTime());
        if (!unix) {
            long mode = FileMode.fromUnix(type.equals(Node.FOLDER) ? 0755 : 0644, type);
            return new Node(
                    name,
                    type,
                    mode,
                    mtime,
                    mtime,
                    mtime,
                    0,
                    0,
                    null,
                    null,
                    0,
                    0,
                    basic.size(),
                    0,
                    text,
                    raw,
                    null,
                    null);
        }
        Map<String, Object> attributes = Files.readAttributes(path, UNIX, LinkOption.NOFOLLOW_LINKS);
        long uid = number(attributes, "uid");
        long gid = number(attributes, "gid");
        String[] owner = owner(path, uid, gid);
        return new Node(
                name,
                type,
                FileMode.fromUnix((int) number(attributes, "mode"), type),
                mtime,
                mtime,
                time((FileTime) attributes.get("ctime")),
                uid,
                gid,
                owner[0],
                owner[1],
                number(attributes, "ino"),
                number(attributes, "dev"),
                type.equals(Node.FILE) ? number(attributes, "size") : 0,
                number(attributes, "nlink"),
                text,
                raw,
                null,
                null);
    }

    private String[] owner(Path path, long uid, long gid) throws IOException {
        String[] known = owners.get(uid << 32 | gid);
        if (known == null) {
            PosixFileAttributes posix =
                    Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            known = new String[] {posix.owner().getName(), posix.group().getName()};
            owners.put(uid << 32 | gid, known);
        }
        return known;
    }

    private static long number(Map<String, Object> attributes, String name) {
        return ((Number) attributes.get(name)).longValue();
    }

    private static String time(FileTime time) {
        return time.toInstant().toString();
    }
}
