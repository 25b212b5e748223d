package org.domicile.backup.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pod with {@code readOnlyRootFilesystem} sees, made of mounts of one process's own: every file system read-only, but an empty
 * folder for its temporary files.
 *
 * @param temporary a folder that is there
 * @param mebibytes the most that fits into it
 */
record ReadOnlyRoot(Path temporary, int mebibytes) {
    private static final String MOUNTS = """
            set -e
            mount --make-rprivate /
            for mounted in $(cut -d' ' -f2 /proc/self/mounts); do
              case $mounted in /proc*|/sys*|/dev*) ;; *) mount -o remount,bind,ro "$mounted" ;; esac
            done
            mount -t tmpfs -o "size=$2m" none "$1"
            shift 2
            exec "$@"
            """;

    /** What stands before a command that is to run there; it is that command's process. */
    List<String> command() {
        return List.of(
                "unshare", "--mount", "sh", "-c", MOUNTS, "sh", temporary.toString(), Integer.toString(mebibytes));
    }

    /** Whether a command ends well there; where mounts cannot be made none does. */
    boolean runs(String... arguments) throws InterruptedException {
        var all = new ArrayList<>(command());
        all.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(all)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
