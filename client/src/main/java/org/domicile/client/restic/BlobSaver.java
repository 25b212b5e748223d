package org.domicile.client.restic;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stores blobs that the repository lacks: hash, compress, encrypt, pack, upload, index.
 *
 * <p>Order of writing: packs, then the index that names them. The index is written every few packs, so that an interrupted run
 * loses little. All packs under way together hold at most {@link Tuning#MAX_PACK} bytes: that is what an interruption can make us send
 * again. Safe for threads: each caller does the work for its own blob, and waits when too much is under way.
 */
final class BlobSaver implements AutoCloseable {
    private static final int PACKS_PER_INDEX = 32;
    private static final Duration INDEX_INTERVAL = Duration.ofSeconds(30);
    private final Repository repository;
    private final RepositoryLock lock;
    private final ProgressMeter meter;
    private final Tuning tuning;
    private final ExecutorService uploader;
    private final Semaphore underWay;
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    private final Map<BlobType, PackBuilder> open = new EnumMap<>(BlobType.class);
    private final List<Index.PackEntry> unindexed = new ArrayList<>();
    private Instant indexed;

    BlobSaver(Repository repository, RepositoryLock lock, ProgressMeter meter, Tuning tuning) {
        this.repository = repository;
        this.lock = lock;
        this.meter = meter;
        this.tuning = tuning;
        this.uploader = Executors.newFixedThreadPool(tuning.transfers(), Threads.daemon("domicile-upload"));
        this.underWay = new Semaphore(Tuning.MAX_PACK);
        this.indexed = repository.clock().instant();
    }

    /** Stores the content unless the repository has it; the blob is readable only after {@link #finish()}. */
    Id save(BlobType type, byte[] plain) throws IOException {
        check();
        Id id = Id.hash(plain);
        if (!repository.index().claim(type, id)) {
            return id;
        }
        byte[] sealed = new byte[plain.length + MasterKey.OVERHEAD];
        int compressed = repository.config().version() > 1
                ? repository.zstandard().compress(plain, sealed, MasterKey.HEAD, MasterKey.HEAD + plain.length - 1)
                : -1;
        if (compressed < 0) {
            repository.key().seal(plain, 0, plain.length, sealed);
            append(type, id, sealed, 0);
        } else {
            repository.key().seal(sealed, MasterKey.HEAD, compressed, sealed);
            append(type, id, Arrays.copyOf(sealed, compressed + MasterKey.OVERHEAD), plain.length);
        }
        return id;
    }

    /** Adds packs to the index that an interrupted run has left without. */
    synchronized void adopt(Index.PackEntry pack) {
        repository.index().add(pack);
        unindexed.add(pack);
    }

    /** Uploads what is left and writes the index. */
    void finish() throws IOException {
        for (BlobType type : BlobType.values()) {
            PackBuilder last = take(type, 0);
            if (last != null) {
                upload(last);
            }
        }
        acquire(Tuning.MAX_PACK);
        underWay.release(Tuning.MAX_PACK);
        check();
        writeIndex();
    }

    private void append(BlobType type, Id id, byte[] sealed, int uncompressedLength) throws IOException {
        PackBuilder before = null;
        PackBuilder full;
        synchronized (this) {
            PackBuilder pack = open.get(type);
            if (pack != null && pack.size() + sealed.length > Tuning.MAX_PACK) {
                before = open.remove(type);
            }
            open.computeIfAbsent(type, PackBuilder::new).add(id, sealed, uncompressedLength);
            full = take(type, tuning.packSize());
        }
        if (before != null) {
            upload(before);
        }
        if (full != null) {
            upload(full);
        }
    }

    /** The open pack if it has at least so many bytes. */
    private synchronized PackBuilder take(BlobType type, int minimum) {
        PackBuilder builder = open.get(type);
        return builder == null || builder.size() < minimum ? null : open.remove(type);
    }

    private void upload(PackBuilder builder) throws IOException {
        int permits = Math.min(builder.size(), Tuning.MAX_PACK);
        acquire(permits);
        uploader.execute(() -> {
            try {
                PackBuilder.Pack pack = builder.finish(repository.key());
                repository.backend().save(FileType.PACK, pack.id().toString(), pack.content());
                meter.sent(pack.size());
                uploaded(new Index.PackEntry(pack.id(), pack.blobs()));
            } catch (IOException e) {
                failure.compareAndSet(null, e);
            } catch (RuntimeException e) {
                failure.compareAndSet(null, new IOException("The upload failed: " + e.getMessage(), e));
            } finally {
                underWay.release(permits);
            }
        });
    }

    private void uploaded(Index.PackEntry pack) throws IOException {
        boolean due;
        synchronized (this) {
            adopt(pack);
            Instant now = repository.clock().instant();
            due = unindexed.size() >= PACKS_PER_INDEX
                    || Duration.between(indexed, now).compareTo(INDEX_INTERVAL) > 0;
        }
        if (due) {
            writeIndex();
        }
    }

    private void writeIndex() throws IOException {
        List<Index.PackEntry> packs;
        synchronized (this) {
            packs = List.copyOf(unindexed);
            unindexed.clear();
            indexed = repository.clock().instant();
        }
        if (!packs.isEmpty()) {
            lock.requireHeld();
            repository.saveDocument(FileType.INDEX, IndexFile.encode(packs));
        }
    }

    private void acquire(int permits) throws IOException {
        try {
            underWay.acquire(permits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The backup was interrupted");
        }
    }

    /** Throws the first failure of an upload. */
    void check() throws IOException {
        IOException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    @Override
    public void close() {
        uploader.shutdownNow();
    }
}
