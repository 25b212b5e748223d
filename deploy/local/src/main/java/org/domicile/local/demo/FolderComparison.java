package org.domicile.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Two folders compared byte for byte, by the JDK alone: nothing of the backup's own code takes part.
 *
 * @param files files and symbolic links that are the same
 * @param bytes their content
 * @param differences paths that are missing, added or different
 */
public record FolderComparison(long files, long bytes, List<String> differences) {
    public static FolderComparison of(Path original, Path copy) throws IOException {
        var names = new TreeSet<String>();
        collect(original, names);
        collect(copy, names);
        long files = 0;
        long bytes = 0;
        var differences = new ArrayList<String>();
        for (var name : names) {
            var a = original.resolve(name);
            var b = copy.resolve(name);
            if (!same(a, b)) {
                differences.add(name);
            } else if (!Files.isDirectory(a, LinkOption.NOFOLLOW_LINKS)) {
                files++;
                bytes += Files.isSymbolicLink(a) ? 0 : Files.size(a);
            }
        }
        return new FolderComparison(files, bytes, List.copyOf(differences));
    }

    public boolean isSame() {
        return differences.isEmpty();
    }

    private static void collect(Path root, TreeSet<String> names) throws IOException {
        try (var all = Files.walk(root)) {
            all.filter(p -> !p.equals(root))
                    .map(p -> root.relativize(p).toString())
                    .forEach(names::add);
        }
    }

    private static boolean same(Path a, Path b) throws IOException {
        if (Files.isSymbolicLink(a) || Files.isSymbolicLink(b)) {
            return Files.isSymbolicLink(a)
                    && Files.isSymbolicLink(b)
                    && Files.readSymbolicLink(a).equals(Files.readSymbolicLink(b));
        }
        if (Files.isDirectory(a) || Files.isDirectory(b)) {
            return Files.isDirectory(a) && Files.isDirectory(b);
        }
        return Files.isRegularFile(a) && Files.isRegularFile(b) && Files.mismatch(a, b) == -1;
    }
}
