package org.domicile.keycloak.signin;

import java.util.regex.Pattern;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Turns what a person typed into a username of this realm: an account id, or an operator's name. */
final class TypedName {
    /** Stands for everybody unknown, so that no typed e-mail or phone reaches Keycloak's events or pages. */
    static final String UNKNOWN = "unknown";

    private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private TypedName() {}

    /**
     * The username, or {@link #UNKNOWN}. Account-service is asked of an operator's name too, or the time would tell which names are
     * operators'; while it is away they sign in nevertheless, and can be told by that.
     *
     * @throws AccountResolver.ResolverUnavailable if account-service is needed and does not answer
     */
    static String username(KeycloakSession session, RealmModel realm, String typed) {
        String name = typed.trim();
        if (ACCOUNT_ID.matcher(name).matches()) {
            return name;
        }
        boolean operator = session.users().getUserByUsername(realm, name) != null;
        try {
            String account = AccountResolver.shared().resolve(name).orElse(UNKNOWN);
            return operator ? name : account;
        } catch (AccountResolver.ResolverUnavailable e) {
            if (operator) {
                return name;
            }
            throw e;
        }
    }
}
