package org.domicile.account.profile;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceMode;

/** Whether an identifier's account lives in this region. */
@ApplicationScoped
public class Lookup {
    private final IdentifierIndex index;
    private final Fence fence;

    @Inject
    public Lookup(IdentifierIndex index, Fence fence) {
        this.index = index;
        this.fence = fence;
    }

    Uni<Boolean> livesHere(Identifier identifier) {
        return index.find(identifier)
                .flatMap(found -> found.isEmpty()
                        ? Uni.createFrom().item(false)
                        : fence.row(found.get())
                                .map(row -> row.mode() == FenceMode.OWN || row.mode() == FenceMode.FROZEN));
    }
}
