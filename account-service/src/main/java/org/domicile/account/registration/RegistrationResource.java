package org.domicile.account.registration;

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
import org.domicile.account.limit.AddressLimits;
import org.domicile.account.profile.Locales;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.resteasy.reactive.ResponseStatus;

/** {@code /v1/accounts}: signing up. */
@Path("/v1/accounts")
public class RegistrationResource {
    private final Registrations registrations;
    private final ServiceIdentity identity;
    private final AddressLimits limits;

    @Inject
    public RegistrationResource(Registrations registrations, ServiceIdentity identity, AddressLimits limits) {
        this.registrations = registrations;
        this.identity = identity;
        this.limits = limits;
    }

    /** Always the same answer, whether the identifier is known or not. A caller that goes away does not undo it. */
    @POST
    @ResponseStatus(202)
    public Uni<Registered> signUp(
            @NotNull @Valid SignUp signUp,
            @HeaderParam("Accept-Language") String acceptLanguage,
            @Context HttpServerRequest request) {
        limits.signUp(address(request));
        return registrations
                .begin(signUp, Locales.first(acceptLanguage))
                .map(Registered::new)
                .memoize()
                .indefinitely();
    }

    @POST
    @Path("/{registrationId}/confirm")
    @ResponseStatus(201)
    public Uni<Opened> confirm(
            @PathParam("registrationId") UUID registrationId,
            @NotNull Confirmation confirmation,
            @Context HttpServerRequest request) {
        limits.confirmation(address(request));
        return registrations
                .confirm(registrationId, confirmation.code())
                .map(account -> new Opened(account, identity.region()))
                .memoize()
                .indefinitely();
    }

    private static String address(HttpServerRequest request) {
        return request.remoteAddress().hostAddress();
    }

    /** The answer to a sign-up. */
    public record Registered(UUID registrationId) {}

    /** @param code the one-time code */
    public record Confirmation(String code) {
        @Override
        public String toString() {
            return "Confirmation[redacted]";
        }
    }

    /** The answer to a confirmation. */
    public record Opened(AccountId accountId, String homeRegion) {}
}
