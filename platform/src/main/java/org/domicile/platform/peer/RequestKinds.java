package org.domicile.platform.peer;

import io.micrometer.core.instrument.Tags;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Whose request it is, beside its duration: how fast answers are is promised to clients, and of neither what takes as long as it is big
 * nor what lasts as long as a move.
 */
@Singleton
public class RequestKinds implements HttpServerMetricsTagsContributor {
    private static final String LABEL = "kind";

    private final PeerServer peers;

    @Inject
    public RequestKinds(PeerServer peers) {
        this.peers = peers;
    }

    @Override
    public Tags contribute(Context context) {
        var request = context.request();
        return Tags.of(
                LABEL, peers.isOwn(request) ? "peer" : of(request.method().name(), request.path()));
    }

    /** @param path null for none */
    static String of(String method, String path) {
        return switch (method) {
            case "GET" -> isStored(path) || isStream(path) ? "bulk" : "client";
            case "POST", "PUT" -> isStored(path) ? "bulk" : "client";
            default -> "client";
        };
    }

    private static boolean isStored(String path) {
        return path != null && (path.startsWith("/restic/") || path.equals("/dav") || path.startsWith("/dav/"));
    }

    private static boolean isStream(String path) {
        return path != null && path.startsWith("/v1/moves/") && path.endsWith("/events");
    }
}
