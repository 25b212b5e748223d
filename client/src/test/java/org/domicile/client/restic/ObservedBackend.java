package org.domicile.client.restic;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something once, before it stores the first file of a kind. */
final class ObservedBackend implements Backend {

    interface Action {
        void run() throws IOException;
    }

    private final Backend backend;
    private final FileType type;
    private final Action action;
    private final AtomicBoolean done = new AtomicBoolean();

    ObservedBackend(Backend backend, FileType type, Action action) {
        this.backend = backend;
        this.type = type;
        this.action = action;
    }

    @Override
    public void create() throws IOException {
        backend.create();
    }

    @Override
    public void save(FileType kind, String name, List<byte[]> content) throws IOException {
        if (kind == type && done.compareAndSet(false, true)) {
            action.run();
        }
        backend.save(kind, name, content);
    }

    @Override
    public byte[] load(FileType kind, String name, long offset, int length) throws IOException {
        return backend.load(kind, name, offset, length);
    }

    @Override
    public byte[] load(FileType kind, String name) throws IOException {
        return backend.load(kind, name);
    }

    @Override
    public boolean exists(FileType kind, String name) throws IOException {
        return backend.exists(kind, name);
    }

    @Override
    public List<Entry> list(FileType kind) throws IOException {
        return backend.list(kind);
    }

    @Override
    public void remove(FileType kind, String name) throws IOException {
        backend.remove(kind, name);
    }
}
