package org.domicile.keycloak.transfer;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.provider.Provider;

/**
 * The epoch of the last order that changed a user, kept with it. An order that was sent earlier and arrives later, because its sender
 * did not wait for it any more, changes nothing: without this a user whose account is frozen could be enabled again.
 */
final class Orders {
    static final String EPOCH = "domicile.epoch";

    private final KeycloakSession session;

    Orders(KeycloakSession session) {
        this.session = session;
    }

    /** An order of a later epoch was taken before. */
    static final class Late extends RuntimeException {
        private static final long serialVersionUID = 1;

        Late(long epoch, long taken) {
            super("an order of epoch " + taken + " was taken before this one of epoch " + epoch);
        }
    }

    /**
     * Locks the user's row until the end of the request, so that of two orders the second sees the first. To be called before the user
     * is looked at in any other way.
     *
     * @param epoch null from an account-service of the release before: taken whatever came
     * @throws Late if it comes too late
     */
    void take(String id, Long epoch) {
        var database = database();
        database.createQuery("select u from UserEntity u where u.id = :id")
                .setParameter("id", id)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
        if (epoch != null && taken(database, id) > epoch) {
            throw new Late(epoch, taken(database, id));
        }
    }

    /** By name: the module that has this class is in every Keycloak, but not to be had from the registry by itself. */
    private EntityManager database() {
        try {
            var type = Class.forName("org.keycloak.connections.jpa.JpaConnectionProvider")
                    .asSubclass(Provider.class);
            return (EntityManager) type.getMethod("getEntityManager").invoke(session.getProvider(type));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This Keycloak has no database that can lock a user.", e);
        }
    }

    /** Read from the database and never from a cache. */
    private static long taken(EntityManager database, String id) {
        return database.createQuery(
                        "select a.value from UserAttributeEntity a where a.user.id = :id and a.name = :name",
                        String.class)
                .setParameter("id", id)
                .setParameter("name", EPOCH)
                .getResultStream()
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    void note(UserModel user, Long epoch) {
        if (epoch != null) {
            user.setSingleAttribute(EPOCH, Long.toString(epoch));
        }
    }
}
