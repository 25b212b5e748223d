package org.domicile.migration.move;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Moves of one account: an operator's, or the owner's own. */
@Path("/v1/moves")
@Produces(MediaType.APPLICATION_JSON)
public class MoveResource {
    private final MovePlans plans;
    private final MovePlanner planner;
    private final MoveRollback rollbacks;
    private final MoveViews views;
    private final MoveStore moves;
    private final SecurityIdentity caller;

    @Inject
    public MoveResource(
            MovePlans plans,
            MovePlanner planner,
            MoveRollback rollbacks,
            MoveViews views,
            MoveStore moves,
            SecurityIdentity caller) {
        this.plans = plans;
        this.planner = planner;
        this.rollbacks = rollbacks;
        this.views = views;
        this.moves = moves;
        this.caller = caller;
    }

    /**
     * @param to target region; without it, where the account's market belongs
     * @param dryRun true: only say whether it is allowed
     */
    public record Wanted(@NotNull AccountId accountId, String to, boolean dryRun) {}

    @POST
    @RolesAllowed({"operator", "owner"})
    public Uni<Response> begin(@NotNull @Valid Wanted wanted) {
        requireOwn(wanted.accountId());
        var to = Optional.ofNullable(wanted.to());
        if (wanted.dryRun()) {
            return plans.of(wanted.accountId(), to)
                    .map(plan -> Response.ok(plan).build());
        }
        return planner.begin(wanted.accountId(), to, requester())
                .flatMap(begun -> views.move(begun.id()))
                .flatMap(views::view)
                .map(view -> Response.accepted(view)
                        .location(URI.create("/v1/moves/" + view.id()))
                        .build());
    }

    @GET
    @RolesAllowed({"operator", "auditor", "owner"})
    public Uni<List<MoveView>> list(@NotNull @QueryParam("account") UUID accountId) {
        var account = new AccountId(accountId);
        requireOwn(account);
        return moves.of(account)
                .onItem()
                .transformToMulti(all -> Multi.createFrom().iterable(all))
                .onItem()
                .transformToUniAndConcatenate(views::view)
                .collect()
                .asList();
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"operator", "auditor", "owner"})
    public Uni<MoveView> get(@PathParam("id") UUID id) {
        return visible(id).flatMap(views::view);
    }

    /** Every change as a server-sent event; the stream ends when the move is settled or goes on in another region. */
    @GET
    @Path("{id}/events")
    @RolesAllowed({"operator", "auditor", "owner"})
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<MoveView> events(@PathParam("id") UUID id) {
        return visible(id).onItem().transformToMulti(views::watch);
    }

    @POST
    @Path("{id}/abort")
    @RolesAllowed({"operator", "owner"})
    public Uni<MoveView> abort(@PathParam("id") UUID id) {
        return visible(id)
                .flatMap(move -> planner.abort(move, requester()))
                .chain(() -> views.move(id))
                .flatMap(views::view);
    }

    /** Begins the way back, while the account soaks: a move of its own, which the answer describes. */
    @POST
    @Path("{id}/rollback")
    @RolesAllowed("operator")
    public Uni<Response> rollback(@PathParam("id") UUID id) {
        return visible(id)
                .flatMap(move -> rollbacks.begin(move, requester()))
                .flatMap(begun -> views.move(begun.id()))
                .flatMap(views::view)
                .map(view -> Response.accepted(view)
                        .location(URI.create("/v1/moves/" + view.id()))
                        .build());
    }

    /** @param reason why, in one sentence without anything personal */
    public record Hold(@NotNull String reason) {}

    @POST
    @Path("{id}/hold")
    @RolesAllowed("operator")
    public Uni<MoveView> hold(@PathParam("id") UUID id, @NotNull @Valid Hold hold) {
        return visible(id)
                .flatMap(move -> rollbacks.hold(soaking(move, MoveState.SOAK), hold.reason()))
                .chain(() -> views.move(id))
                .flatMap(views::view);
    }

    @POST
    @Path("{id}/release")
    @RolesAllowed("operator")
    public Uni<MoveView> release(@PathParam("id") UUID id) {
        return visible(id)
                .flatMap(move -> rollbacks.release(soaking(move, MoveState.HELD)))
                .chain(() -> views.move(id))
                .flatMap(views::view);
    }

    private static Move soaking(Move move, MoveState required) {
        if (move.state() != required) {
            throw MoveRollback.conflict(move.state());
        }
        return move;
    }

    private Uni<Move> visible(UUID id) {
        return views.move(id).invoke(move -> {
            requireOwn(move.account());
            if (views.handedOver(move)) {
                throw new ProblemException(
                        ErrorCode.WRONG_REGION,
                        "The account has arrived in " + move.target() + ", which goes on with the move.",
                        Map.of(
                                "homeRegion",
                                move.target(),
                                "location",
                                views.continuedAt(move).toString()));
            }
        });
    }

    private void requireOwn(AccountId account) {
        var privileged = caller.hasRole("operator") || caller.hasRole("auditor");
        if (!privileged && !caller.getPrincipal().getName().equals(account.toString())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "This is another owner's account.");
        }
    }

    private String requester() {
        return caller.hasRole("operator") ? "operator" : "owner";
    }
}
