package org.domicile.account.notice;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.domicile.account.residency.CurrentAccount;

/** {@code GET /v1/me/notices}: what the owner was told about data that is going to be deleted. */
@Path("/v1/me/notices")
@RolesAllowed("owner")
public class NoticeResource {
    private final CurrentAccount current;
    private final Notices notices;

    @Inject
    public NoticeResource(CurrentAccount current, Notices notices) {
        this.current = current;
        this.notices = notices;
    }

    @GET
    public Uni<Answer> list() {
        return current.here().flatMap(notices::of).map(Answer::new);
    }

    /** @param notices newest first */
    public record Answer(List<Notice> notices) {}
}
