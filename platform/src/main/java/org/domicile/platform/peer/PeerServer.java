package org.domicile.platform.peer;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.trace.RequestTraces;
import org.jboss.logging.Logger;

/**
 * The listener for other regions' services and for the region's own Keycloak: TLS with a required client certificate, on a port
 * of its own so that the network can be closed around it. Features add their routes to {@link #router()} at start.
 */
@ApplicationScoped
public class PeerServer {
    private static final Logger LOG = Logger.getLogger(PeerServer.class);

    private final Vertx vertx;
    private final PeerConfig config;
    private final PeerCertificates certificates;
    private final Router router;
    private HttpServer server;

    @Inject
    public PeerServer(Vertx vertx, PeerConfig config, PeerCertificates certificates, RequestTraces traces) {
        this.vertx = vertx;
        this.config = config;
        this.certificates = certificates;
        this.router = Router.router(vertx);
        router.route()
                .failureHandler(context -> Problems.write(
                        context,
                        context.failure() != null ? context.failure() : Problems.ofStatus(context.statusCode())));
        traces.mountForPeers(router);
    }

    PeerServer() {
        this.vertx = null;
        this.config = null;
        this.certificates = null;
        this.router = null;
    }

    /** Where features mount what other regions may call. Check {@link PeerIdentity} in every handler. */
    public Router router() {
        return router;
    }

    /** The port that is listened on. */
    public int port() {
        return server.actualPort();
    }

    /** Whether the request came to this listener. */
    boolean isOwn(HttpServerRequest request) {
        return server != null
                && request.localAddress() != null
                && request.localAddress().port() == server.actualPort();
    }

    void start(@Observes StartupEvent event) throws Exception {
        var options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setSsl(true)
                .setEnabledSecureTransportProtocols(PeerTls.PROTOCOLS)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(certificates.keys())
                .setTrustOptions(certificates.trust())
                .setMaxHeaderSize(16 * 1024)
                .addWebSocketSubProtocol("push-notification");
        router.errorHandler(
                404,
                context -> Problems.write(context, new ProblemException(ErrorCode.NOT_FOUND, "Check the address.")));
        server = vertx.createHttpServer(options)
                .requestHandler(router)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        LOG.infof("peer listener ready port=%d", server.actualPort());
    }

    void stop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.close();
        }
    }
}
