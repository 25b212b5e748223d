package org.domicile.keycloak.signin;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.authenticators.browser.UsernamePasswordForm;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.events.Errors;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.messages.Messages;

/** The browser's sign-in page; takes an e-mail address, a phone number or an operator's name. */
public class SignInForm extends UsernamePasswordForm {
    private static final Logger LOG = Logger.getLogger(SignInForm.class);

    SignInForm(KeycloakSession session) {
        super(session);
    }

    @Override
    protected boolean validateForm(AuthenticationFlowContext context, MultivaluedMap<String, String> form) {
        String typed = form.getFirst(AuthenticationManager.FORM_USERNAME);
        if (typed == null || typed.isBlank()) {
            return super.validateForm(context, form);
        }
        try {
            var resolved = new MultivaluedHashMap<>(form);
            resolved.putSingle(
                    AuthenticationManager.FORM_USERNAME,
                    TypedName.username(context.getSession(), context.getRealm(), typed));
            return super.validateForm(context, resolved);
        } catch (AccountResolver.ResolverUnavailable e) {
            LOG.error("sign-in by e-mail or phone is not possible", e);
            context.getEvent().error(Errors.GENERIC_AUTHENTICATION_ERROR);
            Response page = context.form()
                    .setError(Messages.UNEXPECTED_ERROR_HANDLING_REQUEST)
                    .createErrorPage(Response.Status.SERVICE_UNAVAILABLE);
            context.failure(AuthenticationFlowError.INTERNAL_ERROR, page);
            return false;
        }
    }

    /** A locked user costs the same hash as an unknown one, so that the time does not tell which names exist. */
    @Override
    protected boolean isDisabledByBruteForce(AuthenticationFlowContext context, UserModel user) {
        boolean locked = super.isDisabledByBruteForce(context, user);
        if (locked) {
            AuthenticatorUtils.dummyHash(context);
        }
        return locked;
    }

    /** A disabled user (an account in the middle of a move) is answered as a wrong password is. */
    @Override
    public boolean enabledUser(AuthenticationFlowContext context, UserModel user) {
        if (user.isEnabled()) {
            return super.enabledUser(context, user);
        }
        context.getEvent().user(user);
        context.getEvent().error(Errors.USER_DISABLED);
        context.forceChallenge(challenge(context, Messages.INVALID_USER, AuthenticationManager.FORM_USERNAME));
        return false;
    }
}
