package org.domicile.keycloak.signin;

import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.browser.UsernamePasswordFormFactory;
import org.keycloak.models.KeycloakSession;

/** Registers {@link SignInForm} for the browser flow. */
public class SignInFormFactory extends UsernamePasswordFormFactory {
    public static final String ID = "domicile-sign-in-form";

    @Override
    public Authenticator create(KeycloakSession session) {
        return new SignInForm(session);
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayType() {
        return "Domicile: sign-in page";
    }

    @Override
    public String getHelpText() {
        return "Asks for e-mail or phone and password; resolves the identifier through account-service";
    }
}
