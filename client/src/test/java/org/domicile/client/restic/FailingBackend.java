package org.domicile.client.restic;

import java.io.IOException;
import java.util.List;

/** Refuses to store one kind of file, as a lost connection or a full disk would. */
record FailingBackend(Backend backend, FileType refused) implements Backend {

    @Override
    public void create() throws IOException {
        backend.create();
    }

    @Override
    public void save(FileType type, String name, List<byte[]> content) throws IOException {
        if (type == refused) {
            throw new IOException("connection lost");
        }
        backend.save(type, name, content);
    }

    @Override
    public byte[] load(FileType type, String name, long offset, int length) throws IOException {
        return backend.load(type, name, offset, length);
    }

    @Override
    public byte[] load(FileType type, String name) throws IOException {
        return backend.load(type, name);
    }

    @Override
    public boolean exists(FileType type, String name) throws IOException {
        return backend.exists(type, name);
    }

    @Override
    public List<Entry> list(FileType type) throws IOException {
        return backend.list(type);
    }

    @Override
    public void remove(FileType type, String name) throws IOException {
        backend.remove(type, name);
    }
}
