package org.domicile.client.restic;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Reads every byte of a repository back and checks every hash: is each file of each snapshot there, whole and readable? */
public final class Verify {

    /** @param files files in the snapshot; @param safe those of which every byte was read and is right */
    public record Checked(Id snapshot, long files, long safe) {}

    /** @param damage one sentence for each damaged or missing pack or blob */
    public record Report(List<Checked> snapshots, long packs, List<String> damage, Progress progress) {
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

    private final Repository repository;
    private final Tuning tuning;
    private final Set<Id> readableData = ConcurrentHashMap.newKeySet();
    private final Set<Id> readableTrees = ConcurrentHashMap.newKeySet();
    private final Queue<String> damage = new ConcurrentLinkedQueue<>();
    /** Files and safe files below a tree, counted once for all snapshots that share it. */
    private final Map<Id, long[]> counted = new HashMap<>();

    public Verify(Repository repository, Tuning tuning) {
        this.repository = repository;
        this.tuning = tuning;
    }

    public Report run(Progress.Listener listener) throws IOException {
        ProgressMeter meter = new ProgressMeter(listener, repository.clock());
        List<Snapshot.Named> snapshots = repository.snapshots();
        repository.loadIndex();
        Collection<Index.PackEntry> packs = repository.index().byPack();
        packs.forEach(pack -> meter.expect(1, size(pack)));
        meter.counted();
        readAll(packs, meter);
        List<Checked> checked = new ArrayList<>();
        for (Snapshot.Named named : snapshots) {
            long[] counts = count(Id.parse(named.snapshot().tree()));
            checked.add(new Checked(named.id(), counts[0], counts[1]));
        }
        meter.finish();
        return new Report(checked, packs.size(), List.copyOf(damage), meter.now());
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
        byte[] content;
        try {
            content = repository.backend().load(FileType.PACK, pack.pack().toString());
        } catch (java.io.FileNotFoundException e) {
            damage.add("The pack " + pack.pack().brief() + " is missing");
            return;
        }
        if (!Id.hash(content).equals(pack.pack())) {
            damage.add("The pack " + pack.pack().brief() + " has another content than its name says");
        }
        for (PackedBlob blob : pack.blobs()) {
            try {
                if (blob.offset() + blob.length() > content.length) {
                    throw new RepositoryException("The pack " + pack.pack().brief() + " is cut short");
                }
                repository.open(blob, content, blob.offset());
                (blob.type() == BlobType.DATA ? readableData : readableTrees).add(blob.id());
            } catch (RepositoryException e) {
                damage.add(e.getMessage());
            }
        }
    }

    private long[] count(Id tree) throws IOException {
        long[] known = counted.get(tree);
        if (known != null) {
            return known;
        }
        long[] counts = new long[2];
        if (readableTrees.contains(tree)) {
            for (Node node : repository.loadTree(tree).nodes()) {
                if (node.isFolder()) {
                    long[] below = count(Id.parse(node.subtree()));
                    counts[0] += below[0];
                    counts[1] += below[1];
                } else if (node.isFile()) {
                    counts[0]++;
                    counts[1] += isSafe(node) ? 1 : 0;
                }
            }
        } else {
            damage.add("The folder list " + tree.brief() + " is missing or damaged: its files cannot be found");
        }
        counted.put(tree, counts);
        return counts;
    }

    private boolean isSafe(Node file) {
        return file.content() == null || file.content().stream().allMatch(id -> readableData.contains(Id.parse(id)));
    }

    private static long size(Index.PackEntry pack) {
        return pack.blobs().stream().mapToLong(PackedBlob::length).sum();
    }
}
