package org.domicile.client.restic;

import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Permission and type bits as Go's {@code fs.FileMode} numbers them, which is what trees hold. */
final class FileMode {
    private static final long FOLDER = 1L << 31;
    private static final long LINK = 1L << 27;
    private static final long SET_UID = 1L << 23;
    private static final long SET_GID = 1L << 22;
    private static final long STICKY = 1L << 20;
    /** In the order of the permission bits from the highest, 0400, down. */
    private static final PosixFilePermission[] PERMISSIONS = {
        PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE,
    };

    private FileMode() {}

    /** @param unix {@code st_mode} */
    static long fromUnix(int unix, String type) {
        long mode = unix & 0777;
        mode |= Node.FOLDER.equals(type) ? FOLDER : Node.LINK.equals(type) ? LINK : 0;
        mode |= (unix & 04000) != 0 ? SET_UID : 0;
        mode |= (unix & 02000) != 0 ? SET_GID : 0;
        mode |= (unix & 01000) != 0 ? STICKY : 0;
        return mode;
    }

    /** The low bits for {@code chmod}, with set-uid, set-gid and sticky. */
    static int toUnix(long mode) {
        return (int) (mode & 0777)
                | ((mode & SET_UID) != 0 ? 04000 : 0)
                | ((mode & SET_GID) != 0 ? 02000 : 0)
                | ((mode & STICKY) != 0 ? 01000 : 0);
    }

    static Set<PosixFilePermission> permissions(long mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < PERMISSIONS.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                set.add(PERMISSIONS[i]);
            }
        }
        return set;
    }
}
