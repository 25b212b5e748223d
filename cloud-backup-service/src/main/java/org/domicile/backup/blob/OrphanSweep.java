package org.domicile.backup.blob;

import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.metrics.BackupMetrics;
import org.domicile.backup.turn.Turns;
import org.domicile.platform.account.AccountId;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Deletes what a crash left: uploads past their clock with their objects, and objects past another clock that no row names.
 * A row exists before its object and, whatever its state, in one place at any instant; a generation is never used twice: so an
 * old object without a row can never get one. (An object that a move copies gets its row within the same clock.)
 * The listing notes each page that is done: one that was ended in the middle goes on from there.
 */
@ApplicationScoped
public class OrphanSweep {
    private static final String UPLOADS = "uploads";
    private static final String OBJECTS = "objects";
    private static final Logger LOG = Logger.getLogger(OrphanSweep.class);

    private final List<StoredKind> kinds;
    private final ObjectStore objects;
    private final BackupConfig config;
    private final Turns turns;
    private final BackupMetrics metrics;
    private final Clock clock;

    @Inject
    public OrphanSweep(
            @All List<StoredKind> kinds,
            ObjectStore objects,
            BackupConfig config,
            Turns turns,
            BackupMetrics metrics,
            Clock clock) {
        this.kinds =
                kinds.stream().sorted(Comparator.comparing(StoredKind::root)).toList();
        this.objects = objects;
        this.config = config;
        this.turns = turns;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Scheduled(
            every = "${domicile.backup.sweep:10m}",
            delayed = "${domicile.backup.sweep:10m}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return turns.take(UPLOADS, this::endUploads)
                .chain(() -> turns.take(OBJECTS, config.objectSweep(), this::deleteOrphans))
                .replaceWithVoid();
    }

    /** Both at once, whenever the last time was. @return how many uploads and objects were deleted */
    public Uni<Long> sweep() {
        return turns.take(UPLOADS, this::endUploads)
                .flatMap(ended -> turns.take(OBJECTS, Duration.ZERO, this::deleteOrphans)
                        .map(deleted -> ended.orElse(0L) + deleted.orElse(0L)));
    }

    private Uni<Long> endUploads() {
        return ofEach(kind -> kind.endUploads(clock.instant())).invoke(metrics::leftoversDeleted);
    }

    private Uni<Long> deleteOrphans(Turns.Turn turn) {
        var before = clock.instant().minus(config.orphan());
        return ofEach(kind ->
                        isDone(kind, turn.begin()) ? Uni.createFrom().item(0L) : deleteOrphans(kind, turn, before))
                .invoke(count -> {
                    metrics.orphans(count);
                    if (count > 0) {
                        LOG.infof("leftovers deleted count=%d", count);
                    }
                });
    }

    private static boolean isDone(StoredKind kind, Optional<String> cursor) {
        return cursor.filter(key -> key.compareTo(kind.root()) > 0 && !key.startsWith(kind.root()))
                .isPresent();
    }

    /** Deletes the account's objects that no row names, whatever their age: only where no object can come before its row. */
    public Uni<Long> deleteUnnamed(AccountId account) {
        return ofEach(kind -> sum(pages(kind.prefix(account))
                .onItem()
                .transformToUniAndConcatenate(page -> deleteUnnamed(kind, account, page))));
    }

    /** Asks the store, page by page, for the account's objects that no row names. */
    public Uni<Long> unnamed(AccountId account) {
        return ofEach(kind -> sum(
                pages(kind.prefix(account)).onItem().transformToUniAndConcatenate(page -> unnamed(kind, account, page)
                        .map(left -> (long) left.size()))));
    }

    private Uni<Long> deleteOrphans(StoredKind kind, Turns.Turn turn, Instant before) {
        var after = turn.begin().filter(key -> key.startsWith(kind.root())).orElse(null);
        return sum(objects.list(kind.root(), after).onItem().transformToUniAndConcatenate(page -> deleteOrphans(
                        kind, addresses(page), before)
                .call(() -> page.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : turn.reached(page.getLast().key()))));
    }

    private Uni<Long> deleteOrphans(StoredKind kind, List<Address> page, Instant before) {
        var old = page.stream()
                .filter(object -> object.at().isBefore(before))
                .collect(Collectors.groupingBy(Address::account));
        return sum(Multi.createFrom()
                .iterable(old.entrySet())
                .onItem()
                .transformToUniAndConcatenate(entry -> deleteUnnamed(kind, entry.getKey(), entry.getValue())));
    }

    private Uni<Long> deleteUnnamed(StoredKind kind, AccountId account, List<Address> page) {
        return unnamed(kind, account, page).call(objects::delete).map(deleted -> (long) deleted.size());
    }

    private static Uni<List<String>> unnamed(StoredKind kind, AccountId account, List<Address> page) {
        var generations = page.stream()
                .flatMap(object -> object.generation().stream())
                .distinct()
                .toList();
        return kind.named(account, generations).map(named -> {
            var known = new HashSet<>(named);
            return page.stream()
                    .filter(object ->
                            object.generation().filter(known::contains).isEmpty())
                    .map(Address::key)
                    .toList();
        });
    }

    private Multi<List<Address>> pages(String prefix) {
        return objects.list(prefix).map(OrphanSweep::addresses);
    }

    private static List<Address> addresses(List<S3Object> page) {
        return page.stream().flatMap(object -> Address.parse(object).stream()).toList();
    }

    private Uni<Long> ofEach(Function<StoredKind, Uni<Long>> work) {
        return sum(Multi.createFrom().iterable(kinds).onItem().transformToUniAndConcatenate(work::apply));
    }

    private static Uni<Long> sum(Multi<Long> counts) {
        return counts.collect().with(Collectors.summingLong(Long::longValue));
    }

    /**
     * What an object's key says, and when it was stored.
     *
     * @param generation empty for a key that this service does not write: something that a store which was killed left of its own
     */
    private record Address(AccountId account, Optional<UUID> generation, String key, Instant at) {
        static Optional<Address> parse(S3Object object) {
            var names = object.key().split("/", -1);
            try {
                return Optional.of(new Address(
                        AccountId.parse(names[1]), generation(names[2]), object.key(), object.lastModified()));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }

        private static Optional<UUID> generation(String name) {
            try {
                return Optional.of(UUID.fromString(name));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }
}
