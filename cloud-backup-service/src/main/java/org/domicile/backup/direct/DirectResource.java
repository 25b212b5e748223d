package org.domicile.backup.direct;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.domicile.backup.blob.BlobKey;
import org.domicile.backup.blob.BlobType;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.backup.restic.DeviceCredential;
import org.domicile.platform.device.Device;
import org.domicile.platform.device.Devices;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.fence.Homes;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Direct transfer for the SDK, with the device credential of the restic protocol (HTTP Basic). In another region than the account's
 * home 421: the SDK follows.
 */
@Path("/direct/{repository}/{type}/{name}")
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
public class DirectResource {
    private final HttpHeaders headers;
    private final Homes homes;
    private final Devices devices;
    private final DirectTransfers transfers;

    @Inject
    public DirectResource(HttpHeaders headers, Homes homes, Devices devices, DirectTransfers transfers) {
        this.headers = headers;
        this.homes = homes;
        this.devices = devices;
        this.transfers = transfers;
    }

    @POST
    @Operation(summary = "201 with a URL to PUT the content to, valid for a minute; 200 if it is stored already")
    public Uni<Response> begin(
            @HeaderParam("Authorization") String authorization,
            @PathParam("repository") String repository,
            @PathParam("type") String type,
            @PathParam("name") String name,
            @NotNull @Valid DirectRequest request) {
        return answer(authorization, repository, type, name, (device, key) -> transfers
                .begin(device, key, request.size())
                .map(url -> url.map(u -> Response.status(201).entity(u))
                        .orElseGet(() -> Response.ok(Map.of("stored", true)))));
    }

    @POST
    @Path("/{uploadId}")
    @Operation(summary = "Verifies what was put and stores it; 200 also when it was stored before")
    public Uni<Response> commit(
            @HeaderParam("Authorization") String authorization,
            @PathParam("repository") String repository,
            @PathParam("type") String type,
            @PathParam("name") String name,
            @PathParam("uploadId") UUID upload) {
        return answer(authorization, repository, type, name, (device, key) -> transfers
                .commit(device, key, upload)
                .replaceWith(() -> Response.ok(Map.of("stored", true))));
    }

    @GET
    @Operation(summary = "A URL to GET the content from, valid for a minute")
    public Uni<Response> download(
            @HeaderParam("Authorization") String authorization,
            @PathParam("repository") String repository,
            @PathParam("type") String type,
            @PathParam("name") String name) {
        return answer(authorization, repository, type, name, (device, key) -> transfers
                .download(device, key)
                .map(Response::ok));
    }

    private Uni<Response> answer(
            String authorization,
            String repository,
            String type,
            String name,
            BiFunction<Device, BlobKey, Uni<Response.ResponseBuilder>> work) {
        var credential = DeviceCredential.parse(authorization);
        var key = BlobKey.of(RepositoryName.parse(repository), namedByHash(type), name);
        var account = credential.id().accountId();
        return homes.here(account, EpochHeader.known(headers.getHeaderString(EpochHeader.NAME)))
                .flatMap(row -> devices.authenticate(credential.id(), credential.secret())
                        .flatMap(device -> work.apply(device, key))
                        .map(answer ->
                                answer.header(EpochHeader.NAME, row.epoch()).build()));
    }

    private static BlobType namedByHash(String type) {
        return BlobType.find(type)
                .filter(found -> found != BlobType.CONFIG)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND, "Use one of data, keys, locks, snapshots and index."));
    }
}
