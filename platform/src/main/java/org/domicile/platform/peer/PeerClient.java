package org.domicile.platform.peer;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import org.domicile.platform.http.Answer;
import org.domicile.platform.region.Regions;
import org.domicile.platform.trace.TraceParent;

/** Calls other regions' services over mutual TLS, at the addresses of the signed region list and no others. */
@ApplicationScoped
public class PeerClient {
    private static final int CONNECTIONS = 64;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    /** A new connection to a far region costs three round trips of a write pause; balancers forget idle ones after about 350 s. */
    private static final int KEEP_ALIVE_SECONDS = 300;

    private final Vertx vertx;
    private final Regions regions;
    private final Map<String, URI> near;
    private final HttpClient http;
    private final WebSocketClient webSockets;

    @Inject
    public PeerClient(Vertx vertx, PeerConfig config, PeerCertificates certificates, Regions regions) {
        this.vertx = vertx;
        this.regions = regions;
        this.near = Map.copyOf(config.near());
        var tls = certificates.used();
        var options = new HttpClientOptions()
                .setSsl(true)
                .setEnabledSecureTransportProtocols(PeerTls.PROTOCOLS)
                .setKeyCertOptions(tls.identity())
                .setTrustOptions(tls.trust())
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setKeepAlive(true)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS);
        this.http = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.webSockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setSsl(true)
                .setEnabledSecureTransportProtocols(PeerTls.PROTOCOLS)
                .setKeyCertOptions(tls.identity())
                .setTrustOptions(tls.trust())
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setMaxConnections(Integer.MAX_VALUE));
        certificates.follow(http::updateSSLOptions);
        certificates.follow(webSockets::updateSSLOptions);
    }

    PeerClient() {
        this.vertx = null;
        this.regions = null;
        this.near = Map.of();
        this.http = null;
        this.webSockets = null;
    }

    /** @param body null for none */
    public Uni<Answer> ask(RequestOptions request, Buffer body) {
        return Uni.createFrom()
                .completionStage(() -> Answer.to(vertx, http, request, body).toCompletionStage());
    }

    /** Fails unless the answer is 200. */
    public static void accepted(Answer answer) {
        if (answer.status() != 200) {
            throw new IllegalStateException("answered " + answer.status() + " " + answer.body());
        }
    }

    /** For what is streamed: handlers are set on an event loop, at once. */
    public HttpClient http() {
        return http;
    }

    public WebSocketClient webSockets() {
        return webSockets;
    }

    /** Base URL of a region's service on its peer listener. */
    public URI of(String region, String service) {
        return regions.get(region).peerUrls().get(service);
    }

    /** A request to a path (with its query) of a region's service. */
    public RequestOptions request(HttpMethod method, String region, String service, String path) {
        return request(method, of(region, service), path);
    }

    /** Whether a service of this region is reached without leaving it. */
    public boolean isNear(String service) {
        return near.containsKey(service);
    }

    /** A request to a service of this region for which {@link #isNear} holds. */
    public RequestOptions near(HttpMethod method, String service, String path) {
        return request(method, near.get(service), path);
    }

    private static RequestOptions request(HttpMethod method, URI base, String path) {
        return traced(new RequestOptions()
                .setMethod(method)
                .setHost(base.getHost())
                .setPort(base.getPort())
                .setSsl(true)
                .setURI(path));
    }

    /** Says to the peer which span the request comes of, if it is traced. */
    public static RequestOptions traced(RequestOptions options) {
        var trace = TraceParent.current();
        return trace == null ? options : options.putHeader(TraceParent.HEADER, trace);
    }
}
