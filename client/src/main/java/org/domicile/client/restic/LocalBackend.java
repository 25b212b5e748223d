package org.domicile.client.restic;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A repository in a local folder, laid out as restic's own local backend does. */
public final class LocalBackend implements Backend {
    private final Path root;

    public LocalBackend(Path root) {
        this.root = root;
    }

    @Override
    public void create() throws IOException {
        for (FileType type : FileType.values()) {
            if (type != FileType.CONFIG) {
                Files.createDirectories(root.resolve(type.folder()));
            }
        }
    }

    @Override
    public void save(FileType type, String name, List<byte[]> content) throws IOException {
        Path path = path(type, name);
        Files.createDirectories(path.getParent());
        Path draft = Files.createTempFile(path.getParent(), name.isEmpty() ? "config" : name, "-tmp");
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                for (byte[] part : content) {
                    ByteBuffer buffer = ByteBuffer.wrap(part);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                }
                channel.force(true);
            }
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
    }

    @Override
    public byte[] load(FileType type, String name, long offset, int length) throws IOException {
        byte[] content = new byte[length];
        try (FileChannel channel = FileChannel.open(path(type, name))) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new EOFException("The file " + name + " in the repository is cut short");
                }
            }
            return content;
        } catch (NoSuchFileException e) {
            throw notFound(type, name, e);
        }
    }

    @Override
    public byte[] load(FileType type, String name) throws IOException {
        try {
            return Files.readAllBytes(path(type, name));
        } catch (NoSuchFileException e) {
            throw notFound(type, name, e);
        }
    }

    @Override
    public boolean exists(FileType type, String name) {
        return Files.exists(path(type, name));
    }

    @Override
    public List<Entry> list(FileType type) throws IOException {
        Path folder = root.resolve(type.folder());
        List<Entry> entries = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return entries;
        }
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.length() == 2 * Id.LENGTH && Files.isRegularFile(file)) {
                    entries.add(new Entry(name, Files.size(file)));
                }
            }
        }
        return entries;
    }

    @Override
    public void remove(FileType type, String name) throws IOException {
        Files.deleteIfExists(path(type, name));
    }

    private Path path(FileType type, String name) {
        Path folder = root.resolve(type.folder());
        return switch (type) {
            case CONFIG -> folder;
            case PACK -> folder.resolve(name.substring(0, 2)).resolve(name);
            default -> folder.resolve(name);
        };
    }

    private static FileNotFoundException notFound(FileType type, String name, IOException cause) {
        FileNotFoundException e = new FileNotFoundException("The repository has no " + type.folder() + " " + name);
        e.initCause(cause);
        return e;
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
