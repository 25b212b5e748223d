package org.domicile.client.restic;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes a snapshot of a folder. The snapshot's root is the folder's content, as {@code cd DIR && restic backup .} makes it.
 *
 * <p>Files whose size and times equal those in the last snapshot of the folder are not read again. An interrupted run leaves no
 * snapshot, but its packs: the next run finds and keeps them, and sends only what is missing.
 */
public final class Backup {
    private final Repository repository;
    private final Origin origin;
    private final Tuning tuning;
    private final Excludes excludes;

    public Backup(Repository repository, Origin origin, Tuning tuning) {
        this.repository = repository;
        this.origin = origin;
        this.tuning = tuning;
        this.excludes = Excludes.NONE;
    }

    private Backup(Backup other, Excludes excludes) {
        this.repository = other.repository;
        this.origin = other.origin;
        this.tuning = other.tuning;
        this.excludes = excludes;
    }

    /** The same, but without what these patterns name. */
    public Backup excluding(Excludes patterns) {
        return new Backup(this, patterns);
    }

    /**
     * @throws RepositoryException when the repository is locked
     * @throws IOException when the repository cannot be reached or written; unreadable files are warnings in the report instead
     */
    public BackupReport run(Path folder, Progress.Listener listener) throws IOException {
        Path root = folder.toRealPath();
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(folder + " is not a folder: name the folder to back up");
        }
        ProgressMeter meter = new ProgressMeter(listener, repository.clock());
        try (RepositoryLock lock = RepositoryLock.take(repository, origin);
                BlobSaver saver = new BlobSaver(repository, lock, meter, tuning)) {
            List<Snapshot.Named> snapshots = repository.snapshots();
            repository.loadIndex();
            adoptForgottenPacks(saver);
            Optional<Snapshot.Named> parent = parent(snapshots, root);
            Tree parentTree = parent.isPresent() ? parentTree(parent.get().snapshot()) : Tree.EMPTY;
            try (FolderReader reader = new FolderReader(repository, saver, meter, tuning, excludes, root)) {
                Id tree = reader.read(parentTree);
                saver.finish();
                lock.requireHeld();
                Id id = saveSnapshot(root, tree, parent);
                meter.finish();
                return new BackupReport(
                        id, reader.files(), reader.unchanged(), reader.excluded(), meter.now(), reader.skipped());
            }
        }
    }

    /** Packs in no index are the work of a run that was interrupted. One that cannot be read is left for restic to judge. */
    private void adoptForgottenPacks(BlobSaver saver) throws IOException {
        for (Backend.Entry pack : repository.backend().list(FileType.PACK)) {
            if (!repository.index().containsPack(Id.parse(pack.name()))) {
                try {
                    saver.adopt(repository.readPackHeader(pack));
                } catch (RepositoryException e) {
                    continue;
                }
            }
        }
    }

    private Optional<Snapshot.Named> parent(List<Snapshot.Named> snapshots, Path root) {
        List<String> paths = List.of(root.toString());
        return snapshots.stream()
                .filter(named -> paths.equals(named.snapshot().paths()))
                .reduce((older, newer) -> newer);
    }

    private Tree parentTree(Snapshot parent) throws IOException {
        return repository.index().contains(BlobType.TREE, Id.parse(parent.tree()))
                ? repository.loadTree(Id.parse(parent.tree()))
                : Tree.EMPTY;
    }

    private Id saveSnapshot(Path root, Id tree, Optional<Snapshot.Named> parent) throws IOException {
        Snapshot snapshot = new Snapshot(
                repository.clock().instant().toString(),
                parent.map(named -> named.id().toString()).orElse(null),
                tree.toString(),
                List.of(root.toString()),
                origin.hostname(),
                origin.username(),
                excludes.patterns(),
                null);
        JsonNode json = Json.MAPPER.valueToTree(snapshot);
        return repository.saveDocument(FileType.SNAPSHOT, json);
    }
}
