package org.domicile.account.password;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import org.domicile.account.identity.RecentSignIn;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.account.session.CurrentSession;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code PUT /v1/me/password}: another password, after a sign-in of the last minutes. */
@Path("/v1/me/password")
@RolesAllowed("owner")
public class PasswordResource {
    private final CurrentAccount current;
    private final CurrentSession session;
    private final RecentSignIn recent;
    private final Passwords passwords;

    @Inject
    public PasswordResource(CurrentAccount current, CurrentSession session, RecentSignIn recent, Passwords passwords) {
        this.current = current;
        this.session = session;
        this.recent = recent;
        this.passwords = passwords;
    }

    /** A caller that goes away does not undo it. */
    @PUT
    @Operation(summary = "Changes the password; all sessions but the one that asks end, and every identifier is told")
    public Uni<Void> change(@NotNull @Valid NewPassword wanted) {
        recent.require();
        Passwords.requireStrong(wanted.password());
        return current.here()
                .flatMap(account -> passwords.change(account, wanted.password(), session.id()))
                .memoize()
                .indefinitely();
    }

    /** @param password by the rules of a sign-up */
    public record NewPassword(@NotNull String password) {
        @Override
        public String toString() {
            return "NewPassword[redacted]";
        }
    }
}
