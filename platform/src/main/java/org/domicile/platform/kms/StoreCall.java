package org.domicile.platform.kms;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;

/** A question to a key store outside the process: answered in time or not at all, and on the Vert.x context of whoever asked. */
final class StoreCall {
    private StoreCall() {}

    /** @return fails with a TimeoutException of Mutiny after the time */
    static <T> Uni<T> within(Duration timeout, Uni<T> question) {
        return onContextOfCaller(question.ifNoItem().after(timeout).fail());
    }

    static <T> Uni<T> onContextOfCaller(Uni<T> question) {
        return Uni.createFrom().deferred(() -> {
            var asker = Vertx.currentContext();
            return asker == null ? question : question.emitOn(task -> asker.runOnContext(v -> task.run()));
        });
    }
}
