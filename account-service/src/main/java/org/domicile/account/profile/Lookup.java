package org.domicile.account.profile;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceMode;

/** Whether an identifier's account lives in this region. */
@ApplicationScoped
public class Lookup {
    /** Asked for where nobody was found, so that an unknown identifier costs what a known one does. */
    private static final AccountId NOBODY = new AccountId(new UUID(0, 0));

    private final IdentifierIndex index;
    private final Fence fence;

    @Inject
    public Lookup(IdentifierIndex index, Fence fence) {
        this.index = index;
        this.fence = fence;
    }

    Uni<Boolean> livesHere(Identifier identifier) {
        return index.find(identifier)
                .flatMap(found -> fence.row(found.orElse(NOBODY)))
                .map(row -> row.mode() == FenceMode.OWN || row.mode() == FenceMode.FROZEN);
    }
}
