package org.domicile.account.device;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.account.security.SecurityEvent.Kind;
import org.domicile.account.security.SecurityEvents;
import org.domicile.platform.fence.Fence;
import org.jboss.resteasy.reactive.ResponseStatus;

/** {@code /v1/me/devices}: devices with a revocable secret each. */
@Path("/v1/me/devices")
@RolesAllowed("owner")
public class DeviceResource {
    private final CurrentAccount current;
    private final DeviceStore store;
    private final Fence fence;
    private final SecurityEvents events;

    @Inject
    public DeviceResource(CurrentAccount current, DeviceStore store, Fence fence, SecurityEvents events) {
        this.current = current;
        this.store = store;
        this.fence = fence;
        this.events = events;
    }

    @POST
    @ResponseStatus(201)
    public Uni<DeviceCredential> add(@NotNull @Valid NewDevice device) {
        return current.here()
                .flatMap(account -> fence.write(account, write -> store.add(write, device)
                        .call(added -> events.add(write, Kind.DEVICE_ADDED))));
    }

    @GET
    public Uni<Answer> list() {
        return current.here().flatMap(store::list).map(Answer::new);
    }

    @DELETE
    @Path("/{deviceId}")
    public Uni<Void> revoke(@PathParam("deviceId") String deviceId) {
        return current.here()
                .flatMap(account -> fence.write(account, write -> store.revoke(write, deviceId)
                        .call(revoked -> events.add(write, Kind.DEVICE_REVOKED))));
    }

    /** @param devices oldest first */
    public record Answer(List<KnownDevice> devices) {}
}
