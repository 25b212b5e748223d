package org.domicile.account.registration;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The registrations' database access; each method is one transaction. */
@ApplicationScoped
public class RegistrationStore {
    Uni<Void> add(Registration registration) {
        return Panache.withTransaction(() -> registration.persist().replaceWithVoid());
    }

    /** @return null if there is no such registration */
    Uni<Registration> find(UUID id) {
        return Panache.withSession(() -> Registration.findById(id));
    }

    /** Counts one more attempt, committed before the code is looked at. @return null if there is no such registration */
    Uni<Registration> attempt(UUID id) {
        return Panache.withTransaction(() -> Registration.update("attempts = attempts + 1 where id = ?1", id)
                .flatMap(n -> Registration.findById(id)));
    }

    /** One of the codes was right. @return as it is now */
    Uni<Registration> proved(UUID id, boolean guardian) {
        var column = guardian ? "guardianConfirmed" : "ownerConfirmed";
        return Panache.withTransaction(() ->
                Registration.update(column + " = true where id = ?1", id).flatMap(n -> Registration.findById(id)));
    }

    /** Other codes take the place of those that were sent. */
    Uni<Void> codes(UUID id, byte[] codeMac, byte[] guardianCodeMac, Instant expiresAt) {
        return Panache.withTransaction(() -> Registration.update(
                        "codeMac = ?2, guardianCodeMac = ?3, expiresAt = ?4 where id = ?1",
                        id,
                        codeMac,
                        guardianCodeMac,
                        expiresAt)
                .replaceWithVoid());
    }

    Uni<Void> started(UUID id) {
        return Panache.withTransaction(
                () -> Registration.update("started = true where id = ?1", id).replaceWithVoid());
    }

    /** Drops what the person gave; the registration only answers a repeated confirmation now. */
    Uni<Void> confirmed(UUID id) {
        return Panache.withTransaction(() -> Registration.update("confirmed = true, sealed = null where id = ?1", id)
                .replaceWithVoid());
    }

    Uni<List<Registration>> expired(Instant before, int limit) {
        return Panache.withSession(() -> Registration.<Registration>find("expiresAt < ?1 order by expiresAt", before)
                .page(0, limit)
                .list());
    }

    Uni<Void> delete(UUID id) {
        return Panache.withTransaction(() -> Registration.deleteById(id).replaceWithVoid());
    }
}
