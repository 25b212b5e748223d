package org.domicile.backup.webdav;

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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.platform.account.AccountId;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Deletes what a crash left of WebDAV: uploads past their clock give their room back, and parts past another clock whose generation
 * no row names are deleted. A row names a generation from before its first part on, and a generation is never used twice.
 */
@ApplicationScoped
public class DavSweep {
    private static final Logger LOG = Logger.getLogger(DavSweep.class);

    private final ContentStore contents;
    private final Uploading uploading;
    private final ObjectStore objects;
    private final BackupConfig config;
    private final Clock clock;

    @Inject
    public DavSweep(ContentStore contents, Uploading uploading, ObjectStore objects, BackupConfig config, Clock clock) {
        this.contents = contents;
        this.uploading = uploading;
        this.objects = objects;
        this.config = config;
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
                .flatMap(ended -> deleteOrphans(now.minus(config.orphan())).map(deleted -> ended + deleted))
                .invoke(count -> {
                    if (count > 0) {
                        LOG.infof("leftovers of webdav deleted count=%d", count);
                    }
                });
    }

    /** Deletes the account's objects that no row names, whatever their age: only where no object can come before its row. */
    public Uni<Long> deleteUnnamed(AccountId account) {
        return eachPage(account, parts -> deleteUnnamed(account, parts));
    }

    /** Asks the store, page by page, for the account's objects that no row names. */
    public Uni<Long> unnamed(AccountId account) {
        return eachPage(account, parts -> unnamed(account, parts).map(left -> (long) left.size()));
    }

    private Uni<Long> eachPage(AccountId account, Function<List<Address>, Uni<Long>> work) {
        return objects.list(PartLayout.prefix(account))
                .map(page -> page.stream()
                        .flatMap(object -> Address.parse(object.key()).stream())
                        .toList())
                .onItem()
                .transformToUniAndConcatenate(work::apply)
                .collect()
                .with(Collectors.summingLong(Long::longValue));
    }

    private Uni<Long> endUploads(Instant before) {
        return contents.begunBefore(before).flatMap(late -> Multi.createFrom()
                .iterable(late)
                .onItem()
                .transformToUniAndConcatenate(upload ->
                        uploading.release(upload.account(), upload.generation()).replaceWith(1L))
                .collect()
                .with(Collectors.counting()));
    }

    private Uni<Long> deleteOrphans(Instant before) {
        return objects.list(PartLayout.ROOT)
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
                .transformToUniAndConcatenate(entry -> deleteUnnamed(entry.getKey(), entry.getValue()))
                .collect()
                .with(Collectors.summingLong(Long::longValue));
    }

    private Uni<Long> deleteUnnamed(AccountId account, List<Address> parts) {
        return unnamed(account, parts).call(objects::delete).map(deleted -> (long) deleted.size());
    }

    private Uni<List<String>> unnamed(AccountId account, List<Address> parts) {
        var generations = parts.stream().map(Address::generation).distinct().toList();
        return contents.named(account, generations).map(named -> {
            var known = new HashSet<>(named);
            return parts.stream()
                    .filter(part -> !known.contains(part.generation()))
                    .map(Address::key)
                    .toList();
        });
    }

    /** What a part's key says. */
    private record Address(AccountId account, UUID generation, String key) {
        static Optional<Address> parse(String key) {
            try {
                var names = key.split("/", -1);
                return Optional.of(new Address(AccountId.parse(names[1]), UUID.fromString(names[2]), key));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }
    }
}
