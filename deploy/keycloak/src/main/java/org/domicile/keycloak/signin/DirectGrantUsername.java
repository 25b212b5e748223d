package org.domicile.keycloak.signin;

import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.authenticators.directgrant.ValidateUsername;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.common.util.Time;
import org.keycloak.events.Errors;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * First step of the password grant: the typed e-mail, phone or operator name becomes the user.
 *
 * <p>Unknown identifiers, locked and disabled users (an account in the middle of a move) get the answer of a wrong password, and
 * cost the same hash.
 */
public class DirectGrantUsername extends ValidateUsername {
    public static final String ID = "domicile-direct-grant-username";

    private static final Logger LOG = Logger.getLogger(DirectGrantUsername.class);
    private static final String RESOLVED = "domicile.username";

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        String typed = super.retrieveUsername(context);
        if (typed == null || typed.isBlank()) {
            super.authenticate(context);
            return;
        }
        String username;
        try {
            username = TypedName.username(context.getSession(), context.getRealm(), typed);
        } catch (AccountResolver.ResolverUnavailable e) {
            LOG.error("sign-in by e-mail or phone is not possible", e);
            context.getEvent().error(Errors.GENERIC_AUTHENTICATION_ERROR);
            context.failure(
                    AuthenticationFlowError.INTERNAL_ERROR,
                    errorResponse(
                            Response.Status.SERVICE_UNAVAILABLE.getStatusCode(),
                            "temporarily_unavailable",
                            "Sign-in is not possible for the moment; try again in a few seconds"));
            return;
        }
        UserModel user = context.getSession().users().getUserByUsername(context.getRealm(), username);
        if (user != null && !user.isEnabled()) {
            refuseDisabled(context, user);
            return;
        }
        context.getSession().setAttribute(RESOLVED, username);
        // the password grant leaves auth_time out; refreshed tokens keep what the session says
        context.getAuthenticationSession()
                .setUserSessionNote(AuthenticationManager.AUTH_TIME, Integer.toString(Time.currentTime()));
        super.authenticate(context);
    }

    private void refuseDisabled(AuthenticationFlowContext context, UserModel user) {
        AuthenticatorUtils.dummyHash(context);
        context.getEvent().user(user);
        context.getEvent().error(Errors.USER_DISABLED);
        context.failure(
                AuthenticationFlowError.INVALID_USER,
                errorResponse(
                        Response.Status.BAD_REQUEST.getStatusCode(), "invalid_grant", "Invalid user credentials"));
    }

    @Override
    protected String retrieveUsername(AuthenticationFlowContext context) {
        String resolved = context.getSession().getAttribute(RESOLVED, String.class);
        return resolved != null
                ? resolved
                : context.getHttpRequest().getDecodedFormParameters().getFirst(AuthenticationManager.FORM_USERNAME);
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayType() {
        return "Domicile: e-mail, phone or username";
    }

    @Override
    public String getHelpText() {
        return "Resolves the e-mail or phone number of a password grant through account-service";
    }
}
