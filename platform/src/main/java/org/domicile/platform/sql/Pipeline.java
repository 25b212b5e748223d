package org.domicile.platform.sql;

import io.smallrye.mutiny.Uni;

/**
 * Statements of one connection that need nothing of each other's results: all are sent before the first is answered, and executed in the
 * order that they are given in. Of work with several statements only the first keeps its place.
 */
public final class Pipeline {
    private Pipeline() {}

    /** @return when all are done; fails as the first that failed, after which the transaction takes no more */
    @SafeVarargs
    public static Uni<Void> inOrder(Uni<Void>... work) {
        return Uni.join().all(work).andFailFast().replaceWithVoid();
    }
}
