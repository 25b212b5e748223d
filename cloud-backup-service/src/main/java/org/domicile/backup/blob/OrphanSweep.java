package org.domicile.backup.blob;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.metrics.BackupMetrics;
import org.domicile.platform.account.AccountId;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Deletes what a crash left: uploads past their clock with their objects, and objects past another clock that no row names.
 * A row exists before its object and, whatever its state, in one place at any instant; a generation is never used twice: so an
 * old object without a row can never get one. (An object that a move copies gets its row within the same clock.)
 */
@ApplicationScoped
public class OrphanSweep {
    private static final Logger LOG = Logger.getLogger(OrphanSweep.class);

    private final UploadStore uploadStore;
    private final Uploads uploads;
    private final BlobStore blobs;
    private final ObjectStore objects;
    private final BackupConfig config;
    private final BackupMetrics metrics;
    private final Clock clock;

    @Inject
    public OrphanSweep(
            UploadStore uploadStore,
            Uploads uploads,
            BlobStore blobs,
            ObjectStore objects,
            BackupConfig config,
            BackupMetrics metrics,
            Clock clock) {
        this.uploadStore = uploadStore;
        this.uploads = uploads;
        this.blobs = blobs;
        this.objects = objects;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Scheduled(
            every = "${domicile.backup.sweep:10m}",
            delayed = "${domicile.backup.sweep:10m}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return sweep().replaceWithVoid();
    }

    /** @return how many uploads and objects were deleted */
    public Uni<Long> sweep() {
        var now = clock.instant();
        return endUploads(now.minus(config.pending()))
                .call(() -> uploadStore.forgetBefore(now.minus(config.cleanup())))
                .flatMap(ended -> deleteOrphans(now.minus(config.orphan())).map(deleted -> ended + deleted))
                .invoke(count -> {
                    metrics.orphans(count);
                    if (count > 0) {
                        LOG.infof("leftovers deleted count=%d", count);
                    }
                });
    }

    private Uni<Long> endUploads(Instant before) {
        return uploadStore.startedBefore(before).flatMap(late -> Multi.createFrom()
                .iterable(late)
                .onItem()
                .transformToUniAndConcatenate(upload -> uploads.discard(upload).replaceWith(1L))
                .collect()
                .with(Collectors.counting()));
    }

    /** Deletes the account's objects that no row names, whatever their age: only where no object can come before its row. */
    public Uni<Long> deleteUnnamed(AccountId account) {
        return objects.list(ObjectStore.prefix(account))
                .onItem()
                .transformToUniAndConcatenate(
                        page -> unnamedOf(account, page).call(objects::delete).map(deleted -> (long) deleted.size()))
                .collect()
                .with(Collectors.summingLong(Long::longValue));
    }

    /** Asks the store, page by page, for the account's objects that no row names. */
    public Uni<Long> unnamed(AccountId account) {
        return objects.list(ObjectStore.prefix(account))
                .onItem()
                .transformToUniAndConcatenate(page -> unnamedOf(account, page).map(left -> (long) left.size()))
                .collect()
                .with(Collectors.summingLong(Long::longValue));
    }

    private Uni<List<String>> unnamedOf(AccountId account, List<S3Object> page) {
        return unnamed(
                account,
                page.stream()
                        .flatMap(object -> Address.parse(object.key()).stream())
                        .map(Address::generation)
                        .toList());
    }

    private Uni<Long> deleteOrphans(Instant before) {
        return objects.list(ObjectStore.ROOT)
                .onItem()
                .transformToUniAndConcatenate(page -> deleteOrphans(page, before))
                .collect()
                .with(Collectors.summingLong(Long::longValue));
    }

    private Uni<Long> deleteOrphans(List<S3Object> page, Instant before) {
        Map<AccountId, List<Address>> old = page.stream()
                .filter(object -> object.lastModified().isBefore(before))
                .flatMap(object -> Address.parse(object.key()).stream())
                .collect(Collectors.groupingBy(Address::account));
        return Multi.createFrom()
                .iterable(old.entrySet())
                .onItem()
                .transformToUniAndConcatenate(entry -> deleteUnnamed(
                        entry.getKey(),
                        entry.getValue().stream().map(Address::generation).toList()))
                .collect()
                .with(Collectors.summingLong(Long::longValue));
    }

    private Uni<Long> deleteUnnamed(AccountId account, List<UUID> generations) {
        return unnamed(account, generations).call(objects::delete).map(deleted -> (long) deleted.size());
    }

    private Uni<List<String>> unnamed(AccountId account, List<UUID> generations) {
        return blobs.named(account, generations).map(named -> {
            var known = new HashSet<>(named);
            return generations.stream()
                    .filter(generation -> !known.contains(generation))
                    .map(generation -> ObjectStore.key(account, generation))
                    .toList();
        });
    }

    /** What an object's key says. */
    private record Address(AccountId account, UUID generation) {
        static Optional<Address> parse(String key) {
            try {
                var parts = key.split("/", -1);
                return Optional.of(new Address(AccountId.parse(parts[1]), UUID.fromString(parts[2])));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }
    }
}
