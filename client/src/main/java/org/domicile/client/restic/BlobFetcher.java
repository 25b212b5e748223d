package org.domicile.client.restic;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Fetches planned blobs pack by pack, a stretch of neighbouring blobs in one request, and writes each to all its places. Plan
 * from one thread.
 */
final class BlobFetcher implements AutoCloseable {
    /** Bytes between two wanted blobs that are cheaper to read over than to ask again. */
    private static final int GAP = 256 * 1024;

    /** Bytes of one request, unless a single blob is larger: bounds memory. */
    private static final int STRETCH = 4 * 1024 * 1024;

    private record Place(Path path, long offset) {}

    private record Wanted(PackedBlob blob, List<Place> places) {}

    private final Repository repository;
    private final ProgressMeter meter;
    private final ExecutorService transfers;
    /** Of the planned places, those that lack a part, and why. */
    private final Map<Path, String> lost = new ConcurrentHashMap<>();

    private Map<Id, Map<Id, Wanted>> byPack = new LinkedHashMap<>();
    private int planned;

    BlobFetcher(Repository repository, ProgressMeter meter, Tuning tuning) {
        this.repository = repository;
        this.meter = meter;
        this.transfers = Executors.newFixedThreadPool(tuning.transfers(), Threads.daemon("domicile-fetch"));
    }

    /** Wants the blob at {@code offset} of the file; returns the blob's plain length. */
    int plan(Id id, Path path, long offset) {
        Optional<Index.Location> found = repository.index().find(BlobType.DATA, id);
        if (found.isEmpty()) {
            lost.put(path, "The repository lacks the blob " + id.brief());
            return 0;
        }
        Index.Location location = found.get();
        byPack.computeIfAbsent(location.pack(), pack -> new LinkedHashMap<>())
                .computeIfAbsent(id, blob -> new Wanted(location.blob(), new ArrayList<>()))
                .places()
                .add(new Place(path, offset));
        planned++;
        return location.blob().plainLength();
    }

    int planned() {
        return planned;
    }

    /** Fetches and writes all that is planned. @return files of which a part could not be read, with the reason */
    Map<Path, String> run() throws IOException {
        List<Future<Void>> running = new ArrayList<>();
        for (Map.Entry<Id, Map<Id, Wanted>> pack : byPack.entrySet()) {
            List<Wanted> wanted = new ArrayList<>(pack.getValue().values());
            running.add(transfers.submit(() -> {
                fetch(pack.getKey(), wanted);
                return null;
            }));
        }
        byPack = new LinkedHashMap<>();
        planned = 0;
        try {
            for (Future<Void> transfer : running) {
                transfer.get();
            }
            Map<Path, String> unreadable = Map.copyOf(lost);
            lost.clear();
            return unreadable;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The restore was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException("The restore failed: " + e.getCause(), e.getCause());
        }
    }

    private void fetch(Id pack, List<Wanted> wanted) throws IOException {
        wanted.sort(Comparator.comparingInt(one -> one.blob().offset()));
        int start = 0;
        for (int next = 1; next <= wanted.size(); next++) {
            if (next == wanted.size() || !joins(wanted.get(start), wanted.get(next - 1), wanted.get(next))) {
                stretch(pack, wanted.subList(start, next));
                start = next;
            }
        }
    }

    private static boolean joins(Wanted first, Wanted last, Wanted next) {
        int end = last.blob().offset() + last.blob().length();
        return next.blob().offset() - end <= GAP
                && next.blob().offset() + next.blob().length() - first.blob().offset() <= STRETCH;
    }

    private void stretch(Id pack, List<Wanted> wanted) throws IOException {
        int from = wanted.get(0).blob().offset();
        PackedBlob last = wanted.get(wanted.size() - 1).blob();
        int length = last.offset() + last.length() - from;
        byte[] sealed;
        try {
            sealed = repository.backend().load(FileType.PACK, pack.toString(), from, length);
        } catch (IOException e) {
            repository.requireReachable(e);
            wanted.forEach(one -> lose(one, e));
            return;
        }
        meter.sent(length);
        for (Wanted one : wanted) {
            open(one, sealed, from);
        }
    }

    private void open(Wanted one, byte[] sealed, int from) throws IOException {
        byte[] plain;
        try {
            plain = repository.open(one.blob(), sealed, one.blob().offset() - from);
        } catch (RepositoryException e) {
            lose(one, e);
            return;
        }
        for (Place place : one.places()) {
            write(place, plain);
            meter.bytes(plain.length);
        }
    }

    private void lose(Wanted one, IOException reason) {
        one.places().forEach(place -> lost.put(place.path(), String.valueOf(reason.getMessage())));
    }

    private static void write(Place place, byte[] plain) throws IOException {
        try (FileChannel channel = FileChannel.open(place.path(), StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(plain);
            while (buffer.hasRemaining()) {
                channel.write(buffer, place.offset() + buffer.position());
            }
        }
    }

    @Override
    public void close() {
        transfers.shutdownNow();
    }
}
