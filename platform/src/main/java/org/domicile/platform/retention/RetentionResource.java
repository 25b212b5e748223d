package org.domicile.platform.retention;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.region.ServiceIdentity;

/** {@code GET /v1/retention}: what this service stores, until when, and what would go; for operators and auditors. A dry run: nothing goes. */
@Path("/v1/retention")
@RolesAllowed({"operator", "auditor"})
public class RetentionResource {
    private final RetentionJob job;
    private final ServiceIdentity identity;
    private final Clock clock;

    @Inject
    public RetentionResource(RetentionJob job, ServiceIdentity identity, Clock clock) {
        this.job = job;
        this.identity = identity;
        this.clock = clock;
    }

    /** @param at what would have gone by then (RFC 3339); default: now */
    @GET
    public Uni<Answer> dryRun(@QueryParam("at") String at) {
        var time = at == null ? clock.instant() : parse(at);
        return job.dryRun(time).map(classes -> new Answer(identity.region(), identity.service(), time, classes));
    }

    private static Instant parse(String at) {
        try {
            return Instant.parse(at);
        } catch (DateTimeException e) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "Give \"at\" as a time such as 2027-01-01T00:00:00Z.");
        }
    }

    /** @param at the time of the dry run */
    public record Answer(String region, String service, Instant at, List<Holding> classes) {}
}
