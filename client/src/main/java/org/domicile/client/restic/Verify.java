package org.domicile.client.restic;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.domicile.client.http.ProblemException;

/** Reads every byte of a repository back and checks every hash: is each file of each snapshot there, whole and readable? */
public final class Verify {
    /** Bytes of one request, unless a single blob is larger: bounds memory. */
    private static final int PIECE = 4 << 20;

    /** @param files files in the snapshot; @param safe those of which every byte was read and is right */
    public record Checked(Id snapshot, long files, long safe) {}

    /** A file, or a folder with all in it, that cannot be restored as it was. @param path below the folder that was backed up */
    public record Unsafe(Id snapshot, String path) {}

    /** @param damage one sentence for each damaged or missing pack or blob */
    public record Report(
            List<Checked> snapshots, long packs, List<Unsafe> unsafe, List<String> damage, Progress progress) {
        public long files() {
            return snapshots.stream().mapToLong(Checked::files).sum();
        }

        public long safe() {
            return snapshots.stream().mapToLong(Checked::safe).sum();
        }

        public boolean isSafe() {
            return damage.isEmpty() && files() == safe();
        }
    }

    /** Of a folder and all below it. @param unsafe paths from there */
    private record Count(long files, long safe, List<String> unsafe) {}

    private final Repository repository;
    private final Tuning tuning;
    private final Set<Id> readableData = ConcurrentHashMap.newKeySet();
    private final Set<Id> readableTrees = ConcurrentHashMap.newKeySet();
    private final Queue<String> damage = new ConcurrentLinkedQueue<>();
    /** By tree: counted once for all snapshots that share it. */
    private final Map<Id, Count> counted = new HashMap<>();

    private final Map<Id, Long> sizes = new HashMap<>();

    public Verify(Repository repository, Tuning tuning) {
        this.repository = repository;
        this.tuning = tuning;
    }

    public Report run(Progress.Listener listener) throws IOException {
        ProgressMeter meter = new ProgressMeter(listener, repository.clock());
        List<Snapshot.Named> snapshots = repository.snapshots();
        repository.loadIndex();
        for (Backend.Entry pack : repository.backend().list(FileType.PACK)) {
            sizes.put(Id.parse(pack.name()), pack.size());
        }
        Collection<Index.PackEntry> packs = repository.index().byPack();
        packs.forEach(pack -> meter.expect(1, size(pack)));
        meter.counted();
        readAll(packs, meter);
        List<Checked> checked = new ArrayList<>();
        List<Unsafe> unsafe = new ArrayList<>();
        for (Snapshot.Named named : snapshots) {
            Count count = count(Id.parse(named.snapshot().tree()));
            checked.add(new Checked(named.id(), count.files(), count.safe()));
            count.unsafe().forEach(path -> unsafe.add(new Unsafe(named.id(), path)));
        }
        meter.finish();
        return new Report(checked, packs.size(), unsafe, List.copyOf(damage), meter.now());
    }

    private void readAll(Collection<Index.PackEntry> packs, ProgressMeter meter) throws IOException {
        ExecutorService transfers = Executors.newFixedThreadPool(tuning.transfers(), Threads.daemon("domicile-verify"));
        AtomicReference<IOException> failure = new AtomicReference<>();
        for (Index.PackEntry pack : packs) {
            transfers.execute(() -> {
                try {
                    if (failure.get() == null) {
                        read(pack);
                        meter.bytes(size(pack));
                        meter.file();
                    }
                } catch (IOException e) {
                    failure.compareAndSet(null, e);
                }
            });
        }
        transfers.shutdown();
        try {
            transfers.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS);
        } catch (InterruptedException e) {
            transfers.shutdownNow();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The verification was interrupted");
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void read(Index.PackEntry pack) throws IOException {
        Long size = sizes.get(pack.pack());
        if (size == null) {
            damage.add("The pack " + pack.pack().brief() + " is missing");
            return;
        }
        MessageDigest digest = Id.sha256();
        List<PackedBlob> blobs = new ArrayList<>(pack.blobs());
        blobs.sort(Comparator.comparingInt(PackedBlob::offset));
        int from = 0;
        boolean read = true;
        List<PackedBlob> piece = new ArrayList<>();
        for (PackedBlob blob : blobs) {
            if ((long) blob.offset() + blob.length() > size) {
                damage.add("The pack " + pack.pack().brief() + " is cut short");
                continue;
            }
            if (blob.offset() + blob.length() - from > PIECE && blob.offset() > from) {
                read &= piece(pack.pack(), from, blob.offset(), piece, digest);
                from = blob.offset();
                piece.clear();
            }
            piece.add(blob);
        }
        read &= piece(pack.pack(), from, Math.toIntExact(size), piece, digest);
        if (read && !Id.of(digest.digest(), 0).equals(pack.pack())) {
            damage.add("The pack " + pack.pack().brief() + " has another content than its name says");
        }
    }

    /** @return whether it could be read */
    private boolean piece(Id pack, int from, int to, List<PackedBlob> blobs, MessageDigest digest) throws IOException {
        byte[] content;
        try {
            content = repository.backend().load(FileType.PACK, pack.toString(), from, to - from);
        } catch (IOException e) {
            repository.requireReachable(e);
            int end = blobs.stream()
                    .mapToInt(blob -> blob.offset() + blob.length())
                    .max()
                    .orElse(to);
            if (from == 0 && end < to && !isRefused(e)) {
                return piece(pack, 0, end, blobs, digest) & piece(pack, end, to, List.of(), digest);
            }
            damage.add("The pack " + pack.brief() + " cannot be read from byte " + from + " to " + to + ": "
                    + e.getMessage());
            return false;
        }
        digest.update(content);
        for (PackedBlob blob : blobs) {
            try {
                repository.open(blob, content, blob.offset() - from);
                (blob.type() == BlobType.DATA ? readableData : readableTrees).add(blob.id());
            } catch (RepositoryException e) {
                damage.add(e.getMessage());
            }
        }
        return true;
    }

    /** Rather than broken off: a service may send a damaged pack in parts, but not to its end as a whole. */
    private static boolean isRefused(IOException failure) {
        return failure instanceof ProblemException || failure instanceof FileNotFoundException;
    }

    private Count count(Id tree) throws IOException {
        Count known = counted.get(tree);
        if (known != null) {
            return known;
        }
        Optional<Tree> folder = readableTrees.contains(tree) ? repository.findTree(tree) : Optional.empty();
        if (folder.isEmpty()) {
            damage.add("The folder list " + tree.brief() + " is missing or damaged: its files cannot be found");
            return new Count(1, 0, List.of("(everything in this folder)"));
        }
        long files = 0;
        long safe = 0;
        List<String> unsafe = new ArrayList<>();
        for (Node node : folder.get().nodes()) {
            String name = new String(QuotedName.unquote(node.name()), StandardCharsets.UTF_8);
            if (node.isFolder()) {
                Count below = count(Id.parse(node.subtree()));
                files += below.files();
                safe += below.safe();
                below.unsafe().forEach(path -> unsafe.add(name + "/" + path));
            } else if (node.isFile()) {
                files++;
                if (isSafe(node)) {
                    safe++;
                } else {
                    unsafe.add(name);
                }
            }
        }
        Count count = new Count(files, safe, unsafe);
        counted.put(tree, count);
        return count;
    }

    private boolean isSafe(Node file) {
        return file.content() == null || file.content().stream().allMatch(id -> readableData.contains(Id.parse(id)));
    }

    private static long size(Index.PackEntry pack) {
        return pack.blobs().stream().mapToLong(PackedBlob::length).sum();
    }
}
