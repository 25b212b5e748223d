package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import mutiny.zero.flow.adapters.AdaptersToReactiveStreams;
import org.domicile.backup.blob.ObjectDownload;
import org.domicile.backup.blob.ObjectRecords;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.key.DataKeys;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.ObjectSource;

/**
 * Contents, LIVE and TRASHED, as they move. A data key never leaves its region: the source decrypts, mutual TLS carries, the target
 * checks length and SHA-256 of the plaintext and encrypts under its own key and a generation of its own, before the record is
 * applied. So what the old region keeps of its keys opens nothing in the new one.
 */
public final class DavContentRecords extends ObjectRecords {
    static final String FIELD = "webdav content";
    private static final Duration STALL = Duration.ofSeconds(30);

    private final DataKeys keys;
    private final ContentReader reader;
    private final ContentWriter writer;
    private final SecureRandom random;

    public DavContentRecords(
            Pool pool,
            DataKeys keys,
            ContentReader reader,
            ContentWriter writer,
            ObjectStore objects,
            SecureRandom random) {
        super(
                pool,
                objects,
                new Shape(
                        "webdav-contents",
                        "webdav_contents",
                        "content_id",
                        PartLayout.ROOT,
                        "webdav_uploads",
                        "webdav_fetched",
                        4));
        this.keys = keys;
        this.reader = reader;
        this.writer = writer;
        this.random = random;
    }

    @Override
    protected Uni<JsonObject> reveal(SqlConnection connection, AccountId account, JsonObject row) {
        return cipher(connection, account)
                .map(cipher -> row.copy().put("details", HexColumn.decrypt(cipher, FIELD, row.getString("details"))));
    }

    @Override
    protected Uni<JsonObject> conceal(SqlConnection connection, AccountId account, DataRecord record) {
        var row = record.data().copy();
        return cipher(connection, account)
                .invoke(cipher -> row.put("details", HexColumn.encrypt(cipher, FIELD, row.getString("details"))))
                .chain(() -> generation(connection, account, record))
                .map(generation -> row.put("generation", generation));
    }

    @Override
    protected Uni<UUID> copy(AccountId account, DataRecord content, ObjectSource source) {
        var generation = new UUID(random.nextLong(), random.nextLong());
        var sha256 = new JsonObject(content.data().getString("details")).getString("sha256");
        long size = content.data().getLong("size");
        return pool().withTransaction(connection -> cipher(connection, account))
                .flatMap(cipher -> source.open(name(), content.key()).flatMap(object -> {
                    var body = new EncryptedBody(
                            object, Vertx.currentContext(), OptionalLong.of(size), STALL, cipher, generation);
                    return writer.write(account, generation, body, part -> Uni.createFrom()
                                    .voidItem())
                            .invoke(() -> requireSame(sha256, body.digest()));
                }))
                .replaceWith(generation);
    }

    private static void requireSame(String sha256, String arrived) {
        if (!sha256.equals(arrived)) {
            throw new ProblemException(ErrorCode.HASH_MISMATCH, "The content did not arrive as it was stored.");
        }
    }

    @Override
    public void serveObject(RoutingContext context, AccountId account, String key) {
        var on = Vertx.currentContext();
        var id = UUID.fromString(new JsonArray(key).getString(0));
        content(account, id)
                .flatMap(content -> {
                    var size = content.size();
                    var response = context.response().putHeader("Content-Length", Long.toString(size));
                    if (size == 0) {
                        response.end();
                        return Uni.createFrom().voidItem();
                    }
                    return keys.find(account)
                            .flatMap(dek -> reader.read(account, new DavCipher(dek.orElseThrow()), content, 0, size))
                            .invoke(plain -> AdaptersToReactiveStreams.publisher(plain)
                                    .subscribe(new ObjectDownload(response, on, size)))
                            .onFailure()
                            .invoke(failure -> response.headers().clear())
                            .replaceWithVoid();
                })
                .subscribe()
                .with(sent -> {}, failure -> Problems.write(context, failure));
    }

    private Uni<Content> content(AccountId account, UUID id) {
        return pool().preparedQuery(
                        "select size, generation from webdav_contents where account_id = $1 and content_id = $2")
                .execute(Tuple.of(account.value(), id))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such content any more.");
                    }
                    var row = rows.iterator().next();
                    return new Content(id, row.getLong("size"), row.getUUID("generation"));
                });
    }

    private Uni<DavCipher> cipher(SqlConnection connection, AccountId account) {
        return keys.open(account).map(DavCipher::new);
    }
}
