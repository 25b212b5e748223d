package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.ServiceIdentity;

/** The same service of the account's home region, as its shadow reads it: over mTLS, presenting the signed SHADOW command. */
final class SourceClient implements ObjectSource {
    private static final int NOT_FOUND = 404;
    private static final long IDLE_TIMEOUT_MILLIS = 30_000;

    private final PeerClient peers;
    private final String service;
    private final String region;
    private final String base;
    private final String grant;

    private SourceClient(PeerClient peers, String service, AccountId account, String region, String grant) {
        this.peers = peers;
        this.service = service;
        this.region = region;
        this.base = TransferEndpoint.PATH + "/" + account;
        this.grant = grant;
    }

    /** Makes clients for the accounts being copied. */
    @ApplicationScoped
    @IfBuildProperty(name = "domicile.participant", stringValue = "true")
    static class Factory {
        private final PeerClient peers;
        private final ServiceIdentity identity;

        @Inject
        Factory(PeerClient peers, ServiceIdentity identity) {
            this.peers = peers;
            this.identity = identity;
        }

        SourceClient of(AccountId account, String region, String grant) {
            return new SourceClient(peers, identity.service(), account, region, grant);
        }
    }

    /** The key of this move's digests, and the source's version counter now. */
    record Hello(byte[] macKey, long counter) {}

    Uni<Hello> hello() {
        return json(HttpMethod.GET, "", null).map(SourceClient::hello);
    }

    private static Hello hello(Buffer buffer) {
        var json = buffer.toJsonObject();
        return new Hello(json.getBinary("macKey"), json.getLong("counter"));
    }

    /** The same to a copy that is only kept. */
    Uni<Hello> key() {
        return json(HttpMethod.GET, "/key", null).map(SourceClient::hello);
    }

    /** The same, once the source has digested everything that it holds. */
    Uni<Hello> digested() {
        return json(HttpMethod.POST, "/digests", Buffer.buffer()).map(SourceClient::hello);
    }

    /** @param records class → its next records, about a batch of them at most */
    record Pass(Hello hello, Map<String, List<DataRecord>> records) {
        static Pass of(JsonObject json) {
            var records = new HashMap<String, List<DataRecord>>();
            json.getJsonObject("records")
                    .forEach(e -> records.put(e.getKey(), DataRecord.list((JsonArray) e.getValue())));
            return new Pass(new Hello(json.getBinary("macKey"), json.getLong("counter")), records);
        }
    }

    /** Reads these classes, each above a version, in one exchange. */
    Uni<Pass> pass(Map<String, Long> after, int limit) {
        return json(HttpMethod.POST, "/pass", JsonObject.mapFrom(after).toBuffer())
                .map(buffer -> Pass.of(buffer.toJsonObject()))
                // a source of the version before, which knows the parts only
                .onFailure(Gone.class)
                .recoverWithUni(() -> hello().flatMap(hello -> Multi.createFrom()
                        .iterable(after.entrySet())
                        .onItem()
                        .transformToUni(of -> recordsAfter(of.getKey(), of.getValue(), limit)
                                .map(records -> Map.entry(of.getKey(), records)))
                        .merge()
                        .collect()
                        .asMap(Map.Entry::getKey, Map.Entry::getValue)
                        .map(records -> new Pass(hello, records))));
    }

    Uni<List<DataRecord>> recordsAfter(String recordClass, long version, int limit) {
        return json(HttpMethod.GET, "/records/" + recordClass + "?after=" + version + "&limit=" + limit, null)
                .map(buffer -> DataRecord.list(buffer.toJsonArray()));
    }

    Uni<List<DataRecord>> recordsOf(String recordClass, Collection<String> keys) {
        return json(HttpMethod.POST, "/records/" + recordClass, new JsonArray(List.copyOf(keys)).toBuffer())
                .map(buffer -> DataRecord.list(buffer.toJsonArray()));
    }

    /** Class → how the source, frozen, differs from what is held here of it. */
    Uni<Map<String, Changes>> changes(Map<String, Changes.Held> held) {
        var asked = new JsonObject();
        held.forEach((name, of) -> asked.put(name, of.toJson()));
        return json(HttpMethod.POST, "/changes", asked.toBuffer()).map(b -> Changes.ofClasses(b.toJsonObject()));
    }

    /** What the home has, by its own enumeration. @param question as {@link org.domicile.platform.verify.Inventory#question} makes it */
    Uni<JsonObject> inventory(JsonObject question) {
        return json(HttpMethod.POST, "/inventory", question.toBuffer()).map(Buffer::toJsonObject);
    }

    @Override
    public Uni<HttpClientResponse> open(String recordClass, String key) {
        var path = "/objects/" + recordClass + "?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
        return send(HttpMethod.GET, path, null);
    }

    private Uni<Buffer> json(HttpMethod method, String path, Buffer body) {
        return send(method, path, body).flatMap(response -> {
            // in this order: what has arrived already is handed out by resume at once
            var whole = response.body();
            response.resume();
            return Uni.createFrom().completionStage(whole::toCompletionStage);
        });
    }

    private Uni<HttpClientResponse> send(HttpMethod method, String path, Buffer body) {
        return Uni.createFrom()
                .completionStage(() -> peers.http()
                        .request(peers.request(method, region, service, base + path)
                                .putHeader(TransferEndpoint.GRANT, grant)
                                .setIdleTimeout(IDLE_TIMEOUT_MILLIS))
                        .compose(request -> (body == null ? request.send() : request.send(body)).map(response -> {
                            response.pause();
                            return response;
                        }))
                        .toCompletionStage())
                .invoke(response -> {
                    if (response.statusCode() != 200) {
                        response.resume();
                        if (response.statusCode() == NOT_FOUND) {
                            throw new Gone();
                        }
                        throw new IllegalStateException("the source answered " + response.statusCode() + " to " + method
                                + " " + TransferEndpoint.PATH + "/…" + path);
                    }
                });
    }

    /** What a record refers to is no longer there: its owner deleted it after the record was read. */
    static final class Gone extends RuntimeException {
        Gone() {
            super("deleted at the source while it was copied", null, false, false);
        }
    }
}
