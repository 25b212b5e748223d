package org.domicile.keycloak.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.AppAuthManager;

/**
 * The list of users, and export, import, disable, enable, sessions, password, passkeys and removal of one, for account-service of this region and nobody else: the bearer token
 * needs the realm role {@code identity-transfer}. A change that names the {@code epoch} at which a move ordered it answers 412 if one of
 * a later epoch came before. The admin API cannot do this: it never returns {@code secretData} and gives a new
 * user an id of its own.
 */
@Produces(MediaType.APPLICATION_JSON)
public class UserTransferResource {
    static final String ROLE = "identity-transfer";
    private static final int MOST = 1_000;

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final KeycloakSession session;
    private final UserTransfer users;
    private final UserSessions sessions;
    private final UserCredentials credentials;

    UserTransferResource(KeycloakSession session) {
        this.session = session;
        this.users = new UserTransfer(session, session.getContext().getRealm());
        this.sessions = new UserSessions(session, session.getContext().getRealm());
        this.credentials = new UserCredentials(session, session.getContext().getRealm());
    }

    /** A page of users: how many, and which of them are accounts. */
    @GET
    @Path("users")
    public Response list(
            @QueryParam("first") @DefaultValue("0") int first, @QueryParam("max") @DefaultValue("500") int max) {
        return guarded(() -> first < 0 || max < 1 || max > MOST
                ? error(Response.Status.BAD_REQUEST, "first is at least 0, max from 1 to " + MOST)
                : Response.ok(page(users.names(first, max)))
                        .header("Cache-Control", "no-store")
                        .build());
    }

    private static Map<String, Object> page(List<String> names) {
        return Map.of(
                "users",
                names.size(),
                "accounts",
                names.stream().filter(UserTransferResource::isAccountId).toList());
    }

    @GET
    @Path("users/{id}")
    public Response export(@PathParam("id") String id) {
        return guarded(id, () -> exported(id));
    }

    private Response exported(String id) {
        return users.export(id)
                .map(user ->
                        Response.ok(user).header("Cache-Control", "no-store").build())
                .orElseGet(UserTransferResource::unknown);
    }

    /** Makes the user exactly what the body says, replacing what an earlier attempt left; safe to repeat. */
    @PUT
    @Path("users/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response importUser(@PathParam("id") String id, @QueryParam("epoch") Long epoch, String body) {
        return guarded(id, () -> {
            TransferredUser user;
            try {
                user = JSON.readValue(body, TransferredUser.class);
            } catch (JsonProcessingException e) {
                return error(Response.Status.BAD_REQUEST, "the body is not a user: " + e.getOriginalMessage());
            }
            try {
                users.replace(id, user, epoch);
            } catch (IllegalArgumentException e) {
                return error(Response.Status.BAD_REQUEST, e.getMessage());
            }
            return Response.noContent().build();
        });
    }

    /** Removes the user and its sessions; also 204 when there was none. */
    @DELETE
    @Path("users/{id}")
    public Response remove(@PathParam("id") String id, @QueryParam("epoch") Long epoch) {
        return guarded(id, () -> {
            users.remove(id, epoch);
            return Response.noContent().build();
        });
    }

    /** Ends every session and refuses sign-in until {@link #enable}; answers with the user, as {@link #export} does. */
    @POST
    @Path("users/{id}/disable")
    public Response disable(@PathParam("id") String id, @QueryParam("epoch") Long epoch) {
        return guarded(id, () -> users.disable(id, epoch) ? exported(id) : unknown());
    }

    @POST
    @Path("users/{id}/enable")
    public Response enable(@PathParam("id") String id, @QueryParam("epoch") Long epoch) {
        return guarded(id, () -> users.enable(id, epoch) ? Response.noContent().build() : unknown());
    }

    /** The user's open sessions. */
    @GET
    @Path("users/{id}/sessions")
    public Response sessions(@PathParam("id") String id) {
        return guarded(id, () -> sessions.list(id)
                .map(open ->
                        Response.ok(open).header("Cache-Control", "no-store").build())
                .orElseGet(UserTransferResource::unknown));
    }

    @DELETE
    @Path("users/{id}/sessions/{session}")
    public Response endSession(@PathParam("id") String id, @PathParam("session") String sessionId) {
        return guarded(
                id, () -> sessions.end(id, sessionId) ? Response.noContent().build() : unknown());
    }

    /** Ends all but one. @param keep the session that goes on */
    @DELETE
    @Path("users/{id}/sessions")
    public Response endSessions(@PathParam("id") String id, @QueryParam("keep") String keep) {
        return guarded(
                id, () -> sessions.endAll(id, keep) ? Response.noContent().build() : unknown());
    }

    /** Makes the body, a hashed password, the user's only one, and ends all sessions but one. */
    @PUT
    @Path("users/{id}/password")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response setPassword(
            @PathParam("id") String id, @QueryParam("keep") String keep, @QueryParam("epoch") Long epoch, String body) {
        return guarded(id, () -> {
            TransferredUser.Credential password;
            try {
                password = JSON.readValue(body, TransferredUser.Credential.class);
            } catch (JsonProcessingException e) {
                return error(Response.Status.BAD_REQUEST, "the body is not a credential: " + e.getOriginalMessage());
            }
            if (password == null || !"password".equals(password.type()) || password.secretData() == null) {
                return error(Response.Status.BAD_REQUEST, "the body is not a password");
            }
            return credentials.setPassword(id, password, keep, epoch)
                    ? Response.noContent().build()
                    : unknown();
        });
    }

    @GET
    @Path("users/{id}/passkeys")
    public Response passkeys(@PathParam("id") String id) {
        return guarded(id, () -> credentials
                .passkeys(id)
                .map(passkeys -> Response.ok(passkeys)
                        .header("Cache-Control", "no-store")
                        .build())
                .orElseGet(UserTransferResource::unknown));
    }

    @DELETE
    @Path("users/{id}/passkeys/{passkey}")
    public Response removePasskey(
            @PathParam("id") String id, @PathParam("passkey") String passkey, @QueryParam("epoch") Long epoch) {
        return guarded(
                id,
                () -> credentials.removePasskey(id, passkey, epoch)
                        ? Response.noContent().build()
                        : unknown());
    }

    private Response guarded(String id, java.util.function.Supplier<Response> action) {
        return guarded(() -> {
            if (!isAccountId(id)) {
                return error(Response.Status.BAD_REQUEST, "not an account id");
            }
            try {
                return action.get();
            } catch (Orders.Late late) {
                return error(Response.Status.PRECONDITION_FAILED, late.getMessage());
            }
        });
    }

    private Response guarded(java.util.function.Supplier<Response> action) {
        var caller = new AppAuthManager.BearerTokenAuthenticator(session).authenticate();
        if (caller == null) {
            return error(Response.Status.UNAUTHORIZED, "send a bearer token");
        }
        AccessToken.Access roles = caller.token().getRealmAccess();
        if (roles == null || !roles.isUserInRole(ROLE)) {
            return error(Response.Status.FORBIDDEN, "the token lacks the role " + ROLE);
        }
        return action.get();
    }

    static boolean isAccountId(String id) {
        try {
            return UUID.fromString(id).toString().equals(id);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Response unknown() {
        return error(Response.Status.NOT_FOUND, "no such user");
    }

    private static Response error(Response.Status status, String message) {
        return Response.status(status).entity(Map.of("error", message)).build();
    }
}
