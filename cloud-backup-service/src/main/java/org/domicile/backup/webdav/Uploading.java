package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BiFunction;
import org.domicile.backup.blob.InFlight;
import org.domicile.backup.usage.Quota;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.Device;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.jboss.logging.Logger;

/**
 * How a file gets a content: fence, consent, preconditions and room first, then the body without any transaction, then all but the
 * room again in the transaction that shows it. Success means: received whole, encrypted, stored, committed.
 */
@ApplicationScoped
public class Uploading {
    private static final Logger LOG = Logger.getLogger(Uploading.class);

    private final Fence fence;
    private final Pool pool;
    private final Tree tree;
    private final ContentStore contents;
    private final ContentWriter writer;
    private final Quota quota;
    private final InFlight inFlight;
    private final Clock clock;
    private final SecureRandom random;

    @Inject
    public Uploading(
            Fence fence,
            Pool pool,
            Tree tree,
            ContentStore contents,
            ContentWriter writer,
            Quota quota,
            InFlight inFlight,
            Clock clock,
            SecureRandom random) {
        this.fence = fence;
        this.pool = pool;
        this.tree = tree;
        this.contents = contents;
        this.writer = writer;
        this.quota = quota;
        this.inFlight = inFlight;
        this.clock = clock;
        this.random = random;
    }

    /**
     * What is to be stored.
     *
     * @param length bytes; empty if the client did not say
     * @param mediaType null if the client did not say
     */
    record Put(Device device, DavPath path, Conditions conditions, OptionalLong length, String mediaType) {
        AccountId account() {
            return device.account();
        }
    }

    /** The stored content, and whether the file is a new one. */
    record Stored(Content content, Tree.Outcome outcome) {}

    /** Stores a file. A caller that goes away after its last byte does not undo it. */
    Uni<Stored> save(Put put, BiFunction<DavCipher, UUID, EncryptedBody> take) {
        var generation = uuid();
        return fence.write(put.account(), Feature.BACKUP, write -> begin(write, put, generation))
                .flatMap(cipher -> receive(put, generation, take.apply(cipher, generation)))
                .memoize()
                .indefinitely();
    }

    private Uni<DavCipher> begin(FencedWrite write, Put put, UUID generation) {
        var size = put.length().orElse(0);
        return tree.cipher(write)
                .call(cipher -> place(write, cipher, put))
                .call(() -> quota.reserve(write, size))
                .call(() -> contents.begin(write, generation, put.device().id(), size, clock.instant()));
    }

    private Uni<Place> place(FencedWrite write, DavCipher cipher, Put put) {
        return tree.find(write.connection(), put.account(), cipher, put.path()).invoke(place -> {
            place.resource().filter(Resource::isCollection).ifPresent(collection -> {
                throw new ProblemException(
                        ErrorCode.METHOD_NOT_ALLOWED, "A collection is here: put files into it, not over it.");
            });
            place.requireParent();
            put.conditions().requireForWrite(place.resource().orElse(null));
        });
    }

    private Uni<Stored> receive(Put put, UUID generation, EncryptedBody body) {
        inFlight.add(put.account(), body);
        return writer.write(put.account(), generation, body, part -> reserve(put, generation, part))
                .chain(() -> commit(put, generation, body))
                .onFailure()
                .call(failure -> discard(put.account(), generation, PartLayout.parts(body.received()) + 1))
                .eventually(() -> inFlight.remove(put.account(), body));
    }

    /** Room for a part of a body whose length nobody knows. */
    private Uni<Void> reserve(Put put, UUID generation, EncryptedBody.Part part) {
        if (put.length().isPresent()) {
            return Uni.createFrom().voidItem();
        }
        return fence.write(put.account(), Feature.BACKUP, write -> quota.reserve(write, part.size())
                .chain(() -> contents.grow(write, generation, part.size()))
                .invoke(Uploading::requirePending)
                .replaceWithVoid());
    }

    private Uni<Stored> commit(Put put, UUID generation, EncryptedBody body) {
        var content = new Content(uuid(), body.received(), generation);
        var sha256 = body.digest();
        return fence.write(put.account(), Feature.BACKUP, write -> tree.cipher(write)
                .flatMap(cipher -> place(write, cipher, put)
                        .call(() -> contents.end(write.connection(), put.account(), generation)
                                .invoke(reserved -> requirePending(reserved >= 0)))
                        .call(() -> contents.insert(write, cipher, content, sha256, clock.instant()))
                        .flatMap(place -> tree.store(put.device(), write, cipher, place, content, put.mediaType())))
                .map(outcome -> new Stored(content, outcome)));
    }

    private static void requirePending(boolean pending) {
        if (!pending) {
            throw new ProblemException(
                    ErrorCode.UNAVAILABLE, "The upload took too long: send it again.", Map.of("retryAfter", 1));
        }
    }

    /**
     * Ends an upload: gives its room back, then deletes the objects, unless a commit whose answer was lost has made a content of them.
     * What fails here is left to the sweep.
     */
    private Uni<Void> discard(AccountId account, UUID generation, int parts) {
        return release(account, generation)
                .chain(() -> contents.named(account, List.of(generation)))
                .flatMap(named -> named.isEmpty()
                        ? writer.delete(account, generation, parts)
                        : Uni.createFrom().voidItem())
                .onFailure()
                .invoke(failure -> LOG.warnf("left to the sweep generation=%s reason=%s", generation, failure))
                .onFailure()
                .recoverWithNull();
    }

    /** A commit that is still under way is waited for: it holds the upload's row. */
    Uni<Void> release(AccountId account, UUID generation) {
        return pool.withTransaction(connection -> contents.end(connection, account, generation)
                .flatMap(reserved -> reserved > 0
                        ? quota.release(connection, account, reserved)
                        : Uni.createFrom().voidItem()));
    }

    private UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
