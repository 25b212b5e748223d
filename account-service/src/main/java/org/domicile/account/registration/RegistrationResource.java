package org.domicile.account.registration;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import java.util.UUID;
import org.domicile.account.confirmation.CodeGiven;
import org.domicile.account.limit.AddressLimits;
import org.domicile.account.limit.Caller;
import org.domicile.account.limit.SignUpLimit;
import org.domicile.account.profile.Locales;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.region.ServiceIdentity;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /v1/accounts}: signing up. */
@Path("/v1/accounts")
public class RegistrationResource {
    private final Registrations registrations;
    private final ServiceIdentity identity;
    private final AddressLimits limits;
    private final SignUpLimit signUps;

    @Inject
    public RegistrationResource(
            Registrations registrations, ServiceIdentity identity, AddressLimits limits, SignUpLimit signUps) {
        this.registrations = registrations;
        this.identity = identity;
        this.limits = limits;
        this.signUps = signUps;
    }

    /** Always the same answer, whether the identifier is known or not. A caller that goes away does not undo it. */
    @POST
    @ResponseStatus(202)
    @Operation(
            summary =
                    "Asks for an account; a code goes to the identifier, and a minor's guardian gets one of their own")
    public Uni<Registered> signUp(
            @NotNull @Valid SignUp signUp,
            @HeaderParam("Accept-Language") String acceptLanguage,
            @Context HttpServerRequest request) {
        return signUps.take(Caller.of(request))
                .flatMap(v -> registrations.begin(signUp, Locales.first(acceptLanguage)))
                .map(Registered::new)
                .memoize()
                .indefinitely();
    }

    /** Takes the person's code and the guardian's, in any order; the account opens with the last. */
    @POST
    @Path("/{registrationId}/confirm")
    @Operation(
            summary = "Gives a code that was sent; 201 once the account is open, 202 while the other's code is missing")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Opened.class)))
    @APIResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = Opened.class)))
    public Uni<RestResponse<Opened>> confirm(
            @PathParam("registrationId") UUID registrationId,
            @NotNull CodeGiven confirmation,
            @Context HttpServerRequest request) {
        limits.confirmation(Caller.of(request));
        return registrations
                .confirm(registrationId, confirmation.code())
                .map(account -> account.isPresent()
                        ? RestResponse.status(RestResponse.Status.CREATED, opened(account.get()))
                        : RestResponse.status(RestResponse.Status.ACCEPTED, Opened.NOT_YET))
                .memoize()
                .indefinitely();
    }

    @POST
    @Path("/{registrationId}/codes")
    @ResponseStatus(202)
    @Operation(summary = "Sends new codes to whoever has not confirmed yet; the earlier ones are worth nothing then")
    public Uni<Registered> sendAgain(
            @PathParam("registrationId") UUID registrationId, @Context HttpServerRequest request) {
        return signUps.take(Caller.of(request))
                .flatMap(v -> registrations.sendAgain(registrationId))
                .replaceWith(new Registered(registrationId))
                .memoize()
                .indefinitely();
    }

    private Opened opened(AccountId account) {
        return new Opened(account, identity.region(), null);
    }

    /** The answer to a sign-up. */
    public record Registered(UUID registrationId) {}

    /**
     * The answer to a confirmation.
     *
     * @param waitsFor {@code confirmation}: the other's code, the person's or the guardian's; then nothing is open yet and the others are
     *     absent
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Opened(AccountId accountId, String homeRegion, String waitsFor) {
        static final Opened NOT_YET = new Opened(null, null, "confirmation");
    }
}
