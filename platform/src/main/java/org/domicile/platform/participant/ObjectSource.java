package org.domicile.platform.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClientResponse;

/** The objects of the account being copied, at its source. */
@FunctionalInterface
public interface ObjectSource {
    /** @return a 200 response, paused; its body is the object that the record of this key refers to */
    Uni<HttpClientResponse> open(String recordClass, String key);
}
