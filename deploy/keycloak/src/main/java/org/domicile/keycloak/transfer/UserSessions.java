package org.domicile.keycloak.transfer;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;

/** The open sessions of one user. */
final class UserSessions {
    private final KeycloakSession session;
    private final RealmModel realm;

    UserSessions(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /** Newest first; empty if there is no such user. */
    Optional<List<OpenSession>> list(String id) {
        return find(id).map(user -> session.sessions()
                .getUserSessionsStream(realm, user)
                .sorted((a, b) -> Integer.compare(b.getStarted(), a.getStarted()))
                .map(UserSessions::shown)
                .toList());
    }

    /** Its refresh tokens are worth nothing from now on. @return false if the user has no such session */
    boolean end(String id, String sessionId) {
        var found = find(id).flatMap(user -> session.sessions()
                .getUserSessionsStream(realm, user)
                .filter(one -> one.getId().equals(sessionId))
                .findFirst());
        found.ifPresent(one -> session.sessions().removeUserSession(realm, one));
        return found.isPresent();
    }

    /** All but one, offline ones too. @param keep null to end that too @return false if there is no such user */
    boolean endAll(String id, String keep) {
        var user = find(id);
        user.ifPresent(found -> {
            var sessions = session.sessions();
            others(sessions.getUserSessionsStream(realm, found), keep)
                    .forEach(one -> sessions.removeUserSession(realm, one));
            others(sessions.getOfflineUserSessionsStream(realm, found), keep)
                    .forEach(one -> sessions.removeOfflineUserSession(realm, one));
        });
        return user.isPresent();
    }

    private static List<UserSessionModel> others(Stream<UserSessionModel> sessions, String keep) {
        return sessions.filter(one -> !one.getId().equals(keep)).toList();
    }

    private static OpenSession shown(UserSessionModel one) {
        return new OpenSession(
                one.getId(),
                one.getStarted(),
                one.getLastSessionRefresh(),
                one.getAuthenticatedClientSessions().values().stream()
                        .map(client -> client.getClient().getClientId())
                        .sorted()
                        .toList());
    }

    private Optional<UserModel> find(String id) {
        return Optional.ofNullable(session.users().getUserById(realm, id))
                .filter(user -> user.getUsername().equals(id));
    }
}
