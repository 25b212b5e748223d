package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
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
import java.util.UUID;
import org.domicile.migration.wave.WaveSpec.Limits;
import org.domicile.migration.wave.WaveSpec.Selector;
import org.domicile.migration.wave.WaveSpec.Window;
import org.domicile.platform.account.TimeOrderedId;

/** Waves of accounts that live here. */
@Path("/v1/waves")
@Produces(MediaType.APPLICATION_JSON)
public class WaveResource {
    private static final int PAGE = 1_000;

    private final Waves waves;
    private final WaveViews views;
    private final Forecaster forecaster;
    private final Members members;

    @Inject
    public WaveResource(Waves waves, WaveViews views, Forecaster forecaster, Members members) {
        this.waves = waves;
        this.views = views;
        this.forecaster = forecaster;
        this.members = members;
    }

    /**
     * A {@link WaveSpec} to order.
     *
     * @param id the caller's choice, so that a repeated request makes no second wave; null = a new one
     * @param dryRun true: only the forecast
     */
    public record Wanted(
            UUID id,
            boolean dryRun,
            String name,
            Selector selector,
            String to,
            Window window,
            Integer concurrency,
            Limits limits,
            Integer errorBudget,
            Integer attempts) {
        WaveSpec spec() {
            return new WaveSpec(name, selector, to, window, concurrency, limits, errorBudget, attempts);
        }
    }

    @POST
    @RolesAllowed("operator")
    public Uni<Response> create(@NotNull Wanted wanted) {
        if (wanted.dryRun()) {
            return forecaster.forecast(wanted.spec().checked()).map(forecast -> Response.ok(forecast)
                    .build());
        }
        return waves.create(wanted.id() == null ? TimeOrderedId.next() : wanted.id(), wanted.spec(), "operator")
                .flatMap(views::view)
                .map(view -> Response.accepted(view)
                        .location(URI.create("/v1/waves/" + view.id()))
                        .build());
    }

    @GET
    @RolesAllowed({"operator", "auditor"})
    public Uni<List<WaveView>> list() {
        return views.newest();
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"operator", "auditor"})
    public Uni<WaveView> get(@PathParam("id") UUID id) {
        return views.view(id);
    }

    /** At most 1,000 accounts, in account order. @param after the last account of the page before */
    @GET
    @Path("{id}/accounts")
    @RolesAllowed({"operator", "auditor"})
    public Uni<List<WaveView.Member>> accounts(
            @PathParam("id") UUID id, @QueryParam("state") MemberState state, @QueryParam("after") UUID after) {
        return members.page(id, state, after, PAGE);
    }

    /** At most 1,000 of the accounts that are stuck, in account order. @param after the last account of the page before */
    @GET
    @Path("{id}/stuck")
    @RolesAllowed({"operator", "auditor"})
    public Uni<List<WaveView.Stuck>> stuck(@PathParam("id") UUID id, @QueryParam("after") UUID after) {
        return views.stuck(id, after, PAGE);
    }

    @POST
    @Path("{id}/pause")
    @RolesAllowed("operator")
    public Uni<WaveView> pause(@PathParam("id") UUID id) {
        return order(id, WaveOrder.PAUSE);
    }

    @POST
    @Path("{id}/resume")
    @RolesAllowed("operator")
    public Uni<WaveView> resume(@PathParam("id") UUID id) {
        return order(id, WaveOrder.RESUME);
    }

    @POST
    @Path("{id}/cancel")
    @RolesAllowed("operator")
    public Uni<WaveView> cancel(@PathParam("id") UUID id) {
        return order(id, WaveOrder.CANCEL);
    }

    /** Brings back every account that soaks at its new home; what is past the point of no return stays, and is named. */
    @POST
    @Path("{id}/rollback")
    @RolesAllowed("operator")
    public Uni<WaveView> rollback(@PathParam("id") UUID id) {
        return order(id, WaveOrder.ROLLBACK);
    }

    private Uni<WaveView> order(UUID id, WaveOrder order) {
        return waves.order(id, order).flatMap(views::view);
    }
}
