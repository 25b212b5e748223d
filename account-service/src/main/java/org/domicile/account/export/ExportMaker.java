package org.domicile.account.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import org.domicile.account.key.AccountKeys;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.region.ServiceIdentity;

/**
 * Makes one archive, on a worker thread: asks every service for every class, zips as it goes, and stores the zip sealed under the
 * account's key in pieces of 256 KiB; memory stays flat and nothing in clear touches a disk. What a crash leaves is an attempt that
 * the next one replaces.
 */
@ApplicationScoped
public class ExportMaker {
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final long BEFORE_THE_FIRST = -1;

    private final AccountKeys keys;
    private final ExportStore store;
    private final Holdings holdings;
    private final ExportConfig config;
    private final ServiceIdentity identity;
    private final Clock clock;

    @Inject
    public ExportMaker(
            AccountKeys keys,
            ExportStore store,
            Holdings holdings,
            ExportConfig config,
            ServiceIdentity identity,
            Clock clock) {
        this.keys = keys;
        this.store = store;
        this.holdings = holdings;
        this.config = config;
        this.identity = identity;
        this.clock = clock;
    }

    /** Blocks until the archive is ready. @throws RuntimeException if a service is away or the job is somebody else's by now */
    void make(ExportStore.Job job) {
        var cipher = wait(keys.open(job.account()));
        var pieces = new Pieces((piece, number) -> keep(job, cipher, piece, number));
        var whole = new Measured(pieces);
        try (var archive = new Archive(whole, manifest(job))) {
            for (var service : config.services()) {
                var classes = wait(holdings.classes(service, job.account()));
                for (var recordClass : classes) {
                    archive.file(
                            service + "/" + recordClass + ".jsonl",
                            sink -> write(sink, service, job.account(), (String) recordClass));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pieces.close();
        wait(store.ready(job, whole.bytes(), whole.sha256(), clock.instant().plus(config.validity())));
    }

    private long write(OutputStream sink, String service, AccountId account, String recordClass) throws IOException {
        long count = 0;
        long after = BEFORE_THE_FIRST;
        while (true) {
            var records = wait(holdings.records(service, account, recordClass, after));
            for (var record : records) {
                sink.write((((JsonObject) record).encode() + "\n").getBytes(UTF_8));
                count++;
            }
            var last = last(records);
            if (last <= after || last <= 0) {
                return count;
            }
            after = last;
        }
    }

    /** The version of the last record; 0 for none, and for a class without versions, which comes whole. */
    private static long last(JsonArray records) {
        return records.isEmpty() ? 0 : records.getJsonObject(records.size() - 1).getLong("version");
    }

    private void keep(ExportStore.Job job, FieldCipher cipher, byte[] piece, int number) {
        var until = clock.instant().plus(LEASE);
        if (!wait(store.put(job, number, cipher.seal(Archive.FIELD, piece), until))) {
            throw new IllegalStateException("another attempt has taken over, or the account is gone");
        }
    }

    private JsonObject manifest(ExportStore.Job job) {
        return new JsonObject()
                .put("accountId", job.account().toString())
                .put("exportId", job.id().toString())
                .put("region", identity.region())
                .put("createdAt", clock.instant().toString());
    }

    private static <T> T wait(Uni<T> work) {
        return work.await().atMost(LEASE);
    }
}
