package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.domicile.backup.key.DataKeys;
import org.domicile.backup.usage.Quota;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.Device;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** The files and collections of an account, and what can be done to them; contents are handled elsewhere. */
@ApplicationScoped
public class Tree {
    private static final int PAGE = 500;

    private final Pool pool;
    private final Fence fence;
    private final DataKeys keys;
    private final ResourceStore resources;
    private final ContentStore contents;
    private final Quota quota;
    private final Clock clock;
    private final SecureRandom random;

    @Inject
    public Tree(
            Pool pool,
            Fence fence,
            DataKeys keys,
            ResourceStore resources,
            ContentStore contents,
            Quota quota,
            Clock clock,
            SecureRandom random) {
        this.pool = pool;
        this.fence = fence;
        this.keys = keys;
        this.resources = resources;
        this.contents = contents;
        this.quota = quota;
        this.clock = clock;
        this.random = random;
    }

    /** What a change did: whether it made something that was not there. */
    enum Outcome {
        CREATED,
        REPLACED
    }

    /** What is read of an account: without a key nothing has been stored. */
    record Opened(DavCipher cipher, Place place) {}

    Uni<Opened> open(AccountId account, DavPath path) {
        return keys.find(account).flatMap(key -> {
            if (key.isEmpty()) {
                return Uni.createFrom().item(new Opened(null, new Place(path, List.of())));
            }
            var cipher = new DavCipher(key.get());
            return find(pool, account, cipher, path).map(place -> new Opened(cipher, place));
        });
    }

    /** The next members of a collection, at most {@value #PAGE}. @param after the last one's id; the nil UUID at first */
    Uni<List<Resource>> members(AccountId account, Opened opened, Resource collection, UUID after) {
        return opened.cipher() == null
                ? Uni.createFrom().item(List.of())
                : resources.members(pool, account, opened.cipher(), collection.id(), after, PAGE);
    }

    static boolean isLastPage(List<Resource> page) {
        return page.size() < PAGE;
    }

    Uni<Place> find(SqlClient client, AccountId account, DavCipher cipher, DavPath path) {
        return path.isRoot()
                ? Uni.createFrom().item(new Place(path, List.of()))
                : resources.along(client, account, cipher, path).map(along -> new Place(path, along));
    }

    Uni<DavCipher> cipher(FencedWrite write) {
        return keys.open(write.account()).map(DavCipher::new);
    }

    /** @return fails with METHOD_NOT_ALLOWED (405) if something is there, CONFLICT (409) if the collection around it is missing */
    Uni<Void> makeCollection(Device device, DavPath path, Conditions conditions) {
        return change(device, (write, cipher) -> find(write.connection(), write.account(), cipher, path)
                .flatMap(place -> {
                    if (place.resource().isPresent()) {
                        throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "There is something here already.");
                    }
                    conditions.requireForWrite(null);
                    return insert(write, cipher, place.requireParent(), Details.of(path.name()), null)
                            .replaceWithVoid();
                }));
    }

    /** Moves a resource, and all below it, into the trash. */
    Uni<Void> delete(Device device, DavPath path, Conditions conditions) {
        requireMayDelete(device);
        requireNotRoot(path);
        return fence.write(device.account(), write -> cipher(write)
                .flatMap(cipher -> find(write.connection(), write.account(), cipher, path))
                .flatMap(place -> {
                    conditions.requireForWrite(place.require());
                    return trash(write, place.require());
                }));
    }

    /** Gives a resource other dead properties. @return fails as the change does, and then nothing is changed */
    Uni<Resource> patch(Device device, DavPath path, Conditions conditions, UnaryOperator<Details> patch) {
        return change(device, (write, cipher) -> find(write.connection(), write.account(), cipher, path)
                .flatMap(place -> {
                    var current = place.require();
                    conditions.requireForWrite(current);
                    var patched = new Resource(
                            current.id(),
                            current.parent(),
                            patch.apply(current.details()),
                            current.content(),
                            current.createdAt(),
                            current.modifiedAt());
                    return resources.update(write, cipher, patched).replaceWith(patched);
                }));
    }

    Uni<Outcome> copy(Device device, DavRequest.Copy copy, Conditions conditions) {
        requireApart(copy.path(), copy.destination());
        return change(device, (write, cipher) -> source(write, cipher, copy.path(), conditions)
                .flatMap(source -> cleared(device, write, cipher, copy.destination(), copy.overwrite())
                        .call(target -> {
                            var details =
                                    source.details().named(copy.destination().name());
                            return insert(write, cipher, target.parent(), details, source.content())
                                    .call(made -> copy.deep() && source.isCollection()
                                            ? resources.copyMembers(write, source.id(), made.id(), now())
                                            : Uni.createFrom().voidItem());
                        }))
                .map(Cleared::outcome));
    }

    Uni<Outcome> move(Device device, DavRequest.Move move, Conditions conditions) {
        requireMayDelete(device);
        requireNotRoot(move.path());
        requireApart(move.path(), move.destination());
        return change(device, (write, cipher) -> source(write, cipher, move.path(), conditions)
                .flatMap(source -> cleared(device, write, cipher, move.destination(), move.overwrite())
                        .call(target -> resources.update(
                                write,
                                cipher,
                                new Resource(
                                        source.id(),
                                        target.parent().id(),
                                        source.details()
                                                .named(move.destination().name()),
                                        source.content(),
                                        source.createdAt(),
                                        source.modifiedAt()))))
                .map(Cleared::outcome));
    }

    /** Makes a file, or gives it another content; the one it had goes to the trash. */
    Uni<Outcome> store(
            Device device, FencedWrite write, DavCipher cipher, Place place, Content content, String mediaType) {
        var existing = place.resource();
        if (existing.isEmpty()) {
            var details = Details.of(place.path().name()).typed(mediaType);
            return insert(write, cipher, place.requireParent(), details, content)
                    .replaceWith(Outcome.CREATED);
        }
        var old = existing.get();
        requireMayDelete(device);
        var replaced =
                new Resource(old.id(), old.parent(), old.details().typed(mediaType), content, old.createdAt(), now());
        return resources
                .update(write, cipher, replaced)
                .chain(() -> insert(write, cipher, trashTop(), old.details(), old.content()))
                .chain(discarded -> trash(write, discarded))
                .replaceWith(Outcome.REPLACED);
    }

    /** What a change of many rows does within a write that has passed consent and fence. */
    private interface Change<T> {
        Uni<T> make(FencedWrite write, DavCipher cipher);
    }

    private <T> Uni<T> change(Device device, Change<T> change) {
        return fence.write(
                device.account(), Feature.BACKUP, write -> cipher(write).flatMap(cipher -> change.make(write, cipher)));
    }

    private Uni<Resource> source(FencedWrite write, DavCipher cipher, DavPath path, Conditions conditions) {
        return find(write.connection(), write.account(), cipher, path).map(place -> {
            conditions.requireForWrite(place.require());
            return place.require();
        });
    }

    /** A destination with nothing there any more. */
    private record Cleared(Resource parent, Outcome outcome) {}

    private Uni<Cleared> cleared(
            Device device, FencedWrite write, DavCipher cipher, DavPath destination, boolean overwrite) {
        return find(write.connection(), write.account(), cipher, destination).flatMap(place -> {
            var parent = place.requireParent();
            if (place.resource().isEmpty()) {
                return Uni.createFrom().item(new Cleared(parent, Outcome.CREATED));
            }
            if (!overwrite) {
                throw new ProblemException(
                        ErrorCode.PRECONDITION_FAILED,
                        "Something is at the destination: allow to overwrite it, or not.");
            }
            requireMayDelete(device);
            var old = place.require();
            return requireNoRepository(write, cipher, old)
                    .chain(() -> trash(write, old))
                    .replaceWith(new Cleared(parent, Outcome.REPLACED));
        });
    }

    private Uni<Void> requireNoRepository(FencedWrite write, DavCipher cipher, Resource old) {
        if (!old.isCollection()) {
            return Uni.createFrom().voidItem();
        }
        return resources
                .tree(write.connection(), write.account(), cipher, old.id())
                .invoke(tree -> {
                    if (RepositoryFolder.isIn(tree)) {
                        throw new ProblemException(
                                ErrorCode.PRECONDITION_FAILED,
                                "A backup repository is at the destination and is never overwritten: delete it first.");
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Void> trash(FencedWrite write, Resource top) {
        return resources
                .trash(write, top.id(), now())
                .chain(() -> contents.trashUnnamed(write))
                .chain(bytes -> quota.release(write.connection(), write.account(), bytes));
    }

    private Uni<Resource> insert(
            FencedWrite write, DavCipher cipher, Resource parent, Details details, Content content) {
        var resource = new Resource(
                new UUID(random.nextLong(), random.nextLong()), parent.id(), details, content, now(), now());
        return resources.insert(write, cipher, resource).replaceWith(resource);
    }

    private static Resource trashTop() {
        return new Resource(Resource.TRASH, Resource.TRASH, Details.of(""), null, Instant.EPOCH, Instant.EPOCH);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static void requireMayDelete(Device device) {
        if (device.appendOnly()) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "This device may add but neither delete nor replace: use a device that is not append-only.");
        }
    }

    private static void requireNotRoot(DavPath path) {
        if (path.isRoot()) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "The root collection stays where it is.");
        }
    }

    private static void requireApart(DavPath source, DavPath destination) {
        if (source.isWithin(destination) || destination.isWithin(source)) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN, "Give a destination that is neither the source nor within or around it.");
        }
    }
}
