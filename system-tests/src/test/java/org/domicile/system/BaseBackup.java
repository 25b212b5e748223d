package org.domicile.system;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import org.domicile.local.StackDescription;

/**
 * A base backup of a region's whole PostgreSQL server, taken while it is used, and restored as a disaster's is: the files are put
 * back, the write-ahead log that the backup holds is recovered, and the server goes on in a timeline of its own.
 */
final class BaseBackup {
    private final Path copy;

    private BaseBackup(Path copy) {
        this.copy = copy;
    }

    /** @param data the server's folder @param copy a folder that is not there yet */
    static BaseBackup take(StackDescription.Region region, Path data, Path copy) throws SQLException, IOException {
        try (var connection = Databases.connect(region, "postgres");
                var statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('base', true)");
            copy(data, copy);
            try (var stopped = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(copy.resolve("backup_label"), stopped.getString(1));
            }
            // the log up to the end of the backup, without which its files are of different moments
            delete(copy.resolve("pg_wal"));
            copy(data.resolve("pg_wal"), copy.resolve("pg_wal"));
        }
        return new BaseBackup(copy);
    }

    /** The server must be down; it recovers when it is started. */
    void restore(Path data) throws IOException {
        delete(data);
        copy(copy, data);
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        Files.createFile(data.resolve("recovery.signal"));
        // there is no archive: what the backup holds is all
        Files.writeString(data.resolve("postgresql.auto.conf"), "restore_command = 'false'\n");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)));
                } catch (NoSuchFileException e) {
                    // the server deleted it meanwhile: the log says so, too
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
