package org.domicile.messaging.device;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Makes the public listener agree to autopush's subprotocol, and bounds what a connection may make it hold: frames are small, and never
 * compressed, for ciphertext does not shrink and a compressor's state is many times an idle connection's.
 */
@ApplicationScoped
public class Subprotocol implements HttpServerOptionsCustomizer {
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        customize(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customize(options);
    }

    private static void customize(HttpServerOptions options) {
        options.addWebSocketSubProtocol(DeviceRoutes.SUBPROTOCOL)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(2 * FrameReader.MAX_LENGTH)
                .setMaxWebSocketMessageSize(2 * FrameReader.MAX_LENGTH);
    }
}
