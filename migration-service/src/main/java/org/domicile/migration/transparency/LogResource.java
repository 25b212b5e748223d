package org.domicile.migration.transparency;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.domicile.migration.transparency.LogStore.Head;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.tlog.TilePath;

/** The region's transparency log, for anybody (C2SP tlog-tiles): commitments without a person in them. */
@Path("/log")
@PermitAll
public class LogResource {
    private static final String CHECKPOINT_AGE = "max-age=1";
    private static final String TILE_AGE = "public, max-age=31536000, immutable";

    private final LogStore log;

    @Inject
    public LogResource(LogStore log) {
        this.log = log;
    }

    @GET
    @Path("checkpoint")
    public Uni<Response> checkpoint() {
        return checkpoint(1);
    }

    /** @param generation above 1: the log that followed one that lost entries in a restore */
    @GET
    @Path("{generation: [0-9]{1,5}}/checkpoint")
    public Uni<Response> checkpoint(@PathParam("generation") int generation) {
        return head(generation)
                .map(head -> Response.ok(head.note().toString(), MediaType.TEXT_PLAIN_TYPE.withCharset("utf-8"))
                        .header(HttpHeaders.CACHE_CONTROL, CHECKPOINT_AGE)
                        .build());
    }

    @GET
    @Path("tile/{path: .+}")
    public Uni<Response> tile(@PathParam("path") String path) {
        return tile(1, path);
    }

    @GET
    @Path("{generation: [0-9]{1,5}}/tile/{path: .+}")
    public Uni<Response> tile(@PathParam("generation") int generation, @PathParam("path") String path) {
        return head(generation)
                .chain(() -> log.tile(TilePath.parse(path)))
                .onFailure(IllegalArgumentException.class)
                .transform(f -> new ProblemException(ErrorCode.NOT_FOUND, "Ask for a tile: " + f.getMessage() + "."))
                .map(tile -> tile.orElseThrow(
                        () -> new ProblemException(ErrorCode.NOT_FOUND, "The log does not have this tile yet.")))
                .map(Buffer::getBytes)
                .map(tile -> Response.ok(tile, MediaType.APPLICATION_OCTET_STREAM_TYPE)
                        .header(HttpHeaders.CACHE_CONTROL, TILE_AGE)
                        .build());
    }

    private Uni<Head> head(int generation) {
        return log.head().map(found -> {
            var head = found.orElseThrow(() ->
                    new ProblemException(ErrorCode.NOT_FOUND, "The log has no checkpoint yet: ask again in a second."));
            if (head.generation() != generation) {
                throw new ProblemException(
                        ErrorCode.NOT_FOUND,
                        "The region's log is " + (head.generation() == 1 ? "/log" : "/log/" + head.generation()) + ".");
            }
            return head;
        });
    }
}
