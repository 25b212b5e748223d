package org.domicile.keycloak.transfer;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.keycloak.common.util.Time;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserManager;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;

/** Reads and replaces one user of a realm with everything that sign-in needs, and only that. */
final class UserTransfer {
    private static final Set<String> TYPES = Set.of("password", "otp", "webauthn", "webauthn-passwordless");

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Orders orders;

    UserTransfer(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
        this.orders = new Orders(session);
    }

    /** A page of the users' names, in their order: an account's id, or an operator's name. */
    List<String> names(int first, int max) {
        return session.users()
                .searchForUserStream(realm, Map.of(UserModel.INCLUDE_SERVICE_ACCOUNT, "false"), first, max)
                .map(UserModel::getUsername)
                .toList();
    }

    Optional<TransferredUser> export(String id) {
        return find(id).map(user -> {
            var priority = new AtomicInteger();
            List<TransferredUser.Credential> credentials = user.credentialManager()
                    .getStoredCredentialsStream()
                    .filter(credential -> TYPES.contains(credential.getType()))
                    .map(credential -> exported(credential, priority.incrementAndGet()))
                    .toList();
            return new TransferredUser(id, user.isEnabled(), user.getFirstAttribute(UserModel.LOCALE), credentials);
        });
    }

    /** Keycloak lists credentials by priority; only the order counts, so the export numbers them from 1. */
    private static TransferredUser.Credential exported(CredentialModel credential, int priority) {
        return new TransferredUser.Credential(
                credential.getType(),
                credential.getSecretData(),
                credential.getCredentialData(),
                credential.getCreatedDate(),
                priority,
                credential.getUserLabel());
    }

    /** @throws IllegalArgumentException saying what is wrong; nothing has changed then */
    void replace(String id, TransferredUser wanted, Long epoch) {
        check(id, wanted);
        remove(id, epoch);
        UserModel user = session.users().addUser(realm, id, id, true, false);
        user.setEnabled(wanted.enabled());
        orders.note(user, epoch);
        if (wanted.locale() != null) {
            user.setSingleAttribute(UserModel.LOCALE, wanted.locale());
        }
        wanted.credentials().stream()
                .sorted(Comparator.comparing(
                        TransferredUser.Credential::priority, Comparator.nullsLast(Comparator.naturalOrder())))
                .map(UserCredentials::stored)
                .forEach(user.credentialManager()::createStoredCredential);
    }

    private static void check(String id, TransferredUser wanted) {
        require(wanted != null, "the body is empty");
        require(wanted.id() == null || wanted.id().equals(id), "the body is about another user");
        require(wanted.enabled() != null, "enabled is missing");
        require(wanted.credentials() != null, "credentials is missing");
        for (TransferredUser.Credential credential : wanted.credentials()) {
            require(
                    credential != null && credential.type() != null && TYPES.contains(credential.type()),
                    "a credential's type is not one of " + TYPES);
            require(
                    Objects.nonNull(credential.secretData()) && Objects.nonNull(credential.credentialData()),
                    "a credential lacks secretData or credentialData");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    void remove(String id, Long epoch) {
        orders.take(id, epoch);
        find(id).ifPresent(user -> {
            endSessions(user);
            new UserManager(session).removeUser(realm, user);
        });
    }

    boolean disable(String id, Long epoch) {
        orders.take(id, epoch);
        Optional<UserModel> user = find(id);
        user.ifPresent(found -> {
            found.setEnabled(false);
            orders.note(found, epoch);
            session.users().setNotBeforeForUser(realm, found, Time.currentTime());
            endSessions(found);
        });
        return user.isPresent();
    }

    boolean enable(String id, Long epoch) {
        orders.take(id, epoch);
        Optional<UserModel> user = find(id);
        user.ifPresent(found -> {
            found.setEnabled(true);
            orders.note(found, epoch);
        });
        return user.isPresent();
    }

    private void endSessions(UserModel user) {
        session.sessions().removeUserSessions(realm, user);
        List<UserSessionModel> offline =
                session.sessions().getOfflineUserSessionsStream(realm, user).toList();
        offline.forEach(one -> session.sessions().removeOfflineUserSession(realm, one));
    }

    /** Service accounts and people of the region (operators) are not accounts and never move. */
    private Optional<UserModel> find(String id) {
        return Optional.ofNullable(session.users().getUserById(realm, id))
                .filter(user -> user.getUsername().equals(id));
    }
}
