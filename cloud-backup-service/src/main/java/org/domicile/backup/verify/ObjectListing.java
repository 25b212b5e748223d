package org.domicile.backup.verify;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.domicile.backup.BackupConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.CallerContext;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Asks the object store itself what it has of an account, by listing; for those who do not trust what the service remembers. */
@ApplicationScoped
public class ObjectListing {
    private final S3AsyncClient s3;
    private final String bucket;

    @Inject
    public ObjectListing(S3AsyncClient s3, BackupConfig config) {
        this.s3 = s3;
        this.bucket = config.bucket();
    }

    ObjectListing() {
        this.s3 = null;
        this.bucket = null;
    }

    /** Generation → bytes of its objects. @param root what the keys begin with, before the account */
    public Uni<Map<String, Long>> bytes(String root, AccountId account) {
        var prefix = root + account + "/";
        return list(prefix).map(objects -> {
            var bytes = new HashMap<String, Long>();
            objects.forEach(
                    (key, size) -> bytes.merge(key.substring(prefix.length()).split("/", 2)[0], size, Long::sum));
            return bytes;
        });
    }

    /** Folder of the bucket → how many objects of the account it has. Which folders there are, the store says. */
    public Uni<SortedMap<String, Long>> everywhere(AccountId account) {
        return folders()
                .onItem()
                .transformToMulti(folders -> Multi.createFrom().iterable(folders))
                .onItem()
                .transformToUniAndConcatenate(
                        folder -> list(folder + account + "/").map(found -> Map.entry(folder, (long) found.size())))
                .collect()
                .in(TreeMap::new, (all, entry) -> all.put(entry.getKey(), entry.getValue()));
    }

    private Uni<List<String>> folders() {
        return back(() -> {
            var found = new ArrayList<String>();
            return s3.listObjectsV2Paginator(r -> r.bucket(bucket).delimiter("/"))
                    .subscribe(page -> page.commonPrefixes().forEach(folder -> found.add(folder.prefix())))
                    .thenApply(done -> found);
        });
    }

    /** Key → bytes of every object under a prefix. */
    public Uni<Map<String, Long>> list(String prefix) {
        return back(() -> all(prefix));
    }

    /** The client answers on threads of its own; the caller's database connection belongs to its context. */
    private static <T> Uni<T> back(Supplier<CompletableFuture<? extends T>> call) {
        return Uni.createFrom()
                .deferred(() -> CallerContext.back(
                        Uni.createFrom().completionStage(() -> call.get().thenApply(found -> (T) found))));
    }

    private CompletableFuture<Map<String, Long>> all(String prefix) {
        var found = new HashMap<String, Long>();
        return s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix))
                .subscribe(page -> page.contents().forEach(object -> found.put(object.key(), object.size())))
                .thenApply(done -> found);
    }
}
