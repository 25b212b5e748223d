package org.domicile.backup.webdav;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.blob.Sha256;
import org.domicile.backup.key.DataKeys;
import org.domicile.backup.scrub.Scrubbed;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ProblemException;

/** Contents of WebDAV files: every part is decrypted, which authenticates it, and the whole has the SHA-256 that it came with. */
@ApplicationScoped
public class ScrubbedContents implements Scrubbed {
    private final Pool pool;
    private final DataKeys keys;
    private final ContentReader reader;
    private final ObjectStore objects;

    @Inject
    public ScrubbedContents(Pool pool, DataKeys keys, ContentReader reader, ObjectStore objects) {
        this.pool = pool;
        this.keys = keys;
        this.reader = reader;
        this.objects = objects;
    }

    @Override
    public String table() {
        return "webdav_contents";
    }

    @Override
    public String id() {
        return "content_id";
    }

    @Override
    public Uni<Boolean> isGood(AccountId account, Row row) {
        var content = new Content(row.getUUID(id()), row.getLong("size"), row.getUUID("generation"));
        return keys.find(account).map(key -> new DavCipher(key.orElseThrow())).flatMap(cipher -> sha256(
                        account, cipher, content)
                .map(actual -> actual.equals(expected(cipher, row)))
                .onFailure(PartDecrypter.Damaged.class)
                .recoverWithItem(false)
                .onFailure(ProblemException.class)
                .recoverWithUni(unread -> goneOr(unread, account, content)));
    }

    private Uni<String> sha256(AccountId account, DavCipher cipher, Content content) {
        var digest = Sha256.digest();
        var plain = content.size() == 0
                ? Multi.createFrom().<ByteBuffer>empty()
                : Multi.createFrom()
                        .uni(reader.read(account, cipher, content, 0, content.size()))
                        .onItem()
                        .transformToMultiAndConcatenate(bytes -> bytes);
        return plain.onItem()
                .invoke(bytes -> digest.update(bytes.duplicate()))
                .collect()
                .last()
                .map(read -> HexFormat.of().formatHex(digest.digest()));
    }

    private static String expected(DavCipher cipher, Row row) {
        var details =
                cipher.decrypt(DavContentRecords.FIELD, row.getBuffer("details").getBytes());
        return new JsonObject(details).getString("sha256");
    }

    /** @return false if the store says that a part is missing; else fails as the reading did */
    private Uni<Boolean> goneOr(Throwable unread, AccountId account, Content content) {
        return Multi.createFrom()
                .iterable(PartLayout.keys(account, content))
                .onItem()
                .transformToUniAndConcatenate(objects::size)
                .filter(size -> size.isEmpty())
                .toUni()
                .flatMap(missing -> missing == null
                        ? Uni.createFrom().failure(unread)
                        : Uni.createFrom().item(false));
    }
}
