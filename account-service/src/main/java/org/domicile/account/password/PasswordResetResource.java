package org.domicile.account.password;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import java.util.UUID;
import org.domicile.account.limit.AddressLimits;
import org.domicile.account.limit.Caller;
import org.domicile.account.profile.GivenIdentifier;
import org.domicile.account.region.Placement;
import org.domicile.platform.account.AccountId;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** {@code /v1/password-resets}: a new password for who has forgotten theirs, in the region where the account lives. */
@Path("/v1/password-resets")
public class PasswordResetResource {
    private final PasswordResets resets;
    private final Placement placement;
    private final AddressLimits limits;

    @Inject
    public PasswordResetResource(PasswordResets resets, Placement placement, AddressLimits limits) {
        this.resets = resets;
        this.placement = placement;
        this.limits = limits;
    }

    /** Always the same answer, whether the identifier is known or not. A caller that goes away does not undo it. */
    @POST
    @ResponseStatus(202)
    @Operation(summary = "Asks for a new password; a code goes to the identifier, whether an account has it or not")
    public Uni<Asked> ask(@NotNull @Valid Question question, @Context HttpServerRequest request) {
        limits.signUp(Caller.of(request));
        var market = placement.get(question.market());
        var identifier = GivenIdentifier.of(question.email(), question.phone(), market.id());
        return resets.begin(identifier).map(Asked::new).memoize().indefinitely();
    }

    /** A caller that goes away does not undo it. */
    @POST
    @Path("/{resetId}")
    @Operation(summary = "Gives the code and the new password; all sessions end, and every identifier is told")
    public Uni<Reset> reset(
            @PathParam("resetId") UUID id, @NotNull @Valid Proof proof, @Context HttpServerRequest request) {
        limits.confirmation(Caller.of(request));
        Passwords.requireStrong(proof.password());
        return resets.reset(id, proof.code(), proof.password())
                .map(Reset::new)
                .memoize()
                .indefinitely();
    }

    /** Exactly one of e-mail and phone. */
    public record Question(String market, String email, String phone) {
        @Override
        public String toString() {
            return "Question[market=" + market + "]";
        }
    }

    /** @param resetId to send the code to */
    public record Asked(UUID resetId) {}

    /**
     * @param code that was sent to the identifier
     * @param password by the rules of a sign-up
     */
    public record Proof(String code, @NotNull String password) {
        @Override
        public String toString() {
            return "Proof[redacted]";
        }
    }

    /** @param accountId whose password it is */
    public record Reset(AccountId accountId) {}
}
