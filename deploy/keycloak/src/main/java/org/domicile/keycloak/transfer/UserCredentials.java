package org.domicile.keycloak.transfer;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keycloak.common.util.Time;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** What one user signs in with: the password, and passkeys. */
final class UserCredentials {
    private static final Set<String> PASSKEYS = Set.of("webauthn", "webauthn-passwordless");

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Orders orders;
    private final UserSessions sessions;

    UserCredentials(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
        this.orders = new Orders(session);
        this.sessions = new UserSessions(session, realm);
    }

    /**
     * @param id to remove it by
     * @param label as the owner typed it
     * @param addedAt milliseconds since the epoch
     */
    record Passkey(String id, String label, Long addedAt) {}

    /**
     * Makes this the one password, forgets wrong ones that were tried, and ends every session but one.
     *
     * @param epoch of the account's row; one of a user that has been ordered elsewhere since is refused
     * @param keep the session that goes on; null to end all
     * @return false if there is no such user
     */
    boolean setPassword(String id, TransferredUser.Credential password, String keep, Long epoch) {
        orders.take(id, epoch);
        var user = find(id);
        user.ifPresent(found -> {
            var credentials = found.credentialManager();
            credentials
                    .getStoredCredentialsByTypeStream(password.type())
                    .map(CredentialModel::getId)
                    .toList()
                    .forEach(credentials::removeStoredCredentialById);
            credentials.createStoredCredential(stored(password));
            session.loginFailures().removeUserLoginFailure(realm, id);
            sessions.endAll(id, keep);
        });
        return user.isPresent();
    }

    static CredentialModel stored(TransferredUser.Credential credential) {
        var model = new CredentialModel();
        model.setType(credential.type());
        model.setSecretData(credential.secretData());
        model.setCredentialData(credential.credentialData());
        model.setCreatedDate(credential.createdDate() != null ? credential.createdDate() : Time.currentTimeMillis());
        model.setUserLabel(credential.userLabel());
        return model;
    }

    Optional<List<Passkey>> passkeys(String id) {
        return find(id).map(user -> user.credentialManager()
                .getStoredCredentialsStream()
                .filter(one -> PASSKEYS.contains(one.getType()))
                .map(one -> new Passkey(one.getId(), one.getUserLabel(), one.getCreatedDate()))
                .toList());
    }

    /** @return false if the user has no such passkey */
    boolean removePasskey(String id, String passkey, Long epoch) {
        orders.take(id, epoch);
        return passkeys(id).stream().flatMap(List::stream).anyMatch(one -> one.id()
                        .equals(passkey))
                && find(id).orElseThrow().credentialManager().removeStoredCredentialById(passkey);
    }

    private Optional<UserModel> find(String id) {
        return Optional.ofNullable(session.users().getUserById(realm, id))
                .filter(user -> user.getUsername().equals(id));
    }
}
