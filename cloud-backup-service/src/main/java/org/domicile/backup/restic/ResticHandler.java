package org.domicile.backup.restic;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.blob.BlobKey;
import org.domicile.backup.blob.BlobStore;
import org.domicile.backup.blob.Blobs;
import org.domicile.backup.blob.ObjectDownload;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.blob.Uploads;
import org.domicile.backup.repository.Repositories;
import org.domicile.backup.repository.RepositoryStore;
import org.domicile.backup.restic.ResticRequest.BlobRequest;
import org.domicile.backup.restic.ResticRequest.CreateRepository;
import org.domicile.backup.restic.ResticRequest.DeleteRepository;
import org.domicile.backup.restic.ResticRequest.ListBlobs;
import org.domicile.platform.device.Device;

/** Answers the restic REST protocol at an account's home. */
@ApplicationScoped
public class ResticHandler {
    static final String V1 = "application/vnd.x.restic.rest.v1";
    static final String V2 = "application/vnd.x.restic.rest.v2";
    /** A repository's configuration is some hundred bytes; it is held in memory. */
    private static final long MAX_CONFIG = 64 * 1024;
    /** Names that a list reads at a time: about half a megabyte of text. */
    private static final int PAGE = 5_000;

    private final Repositories repositories;
    private final RepositoryStore repositoryStore;
    private final Uploads uploads;
    private final Blobs blobs;
    private final BlobStore blobStore;
    private final ObjectStore objects;
    private final BackupConfig config;

    @Inject
    public ResticHandler(
            Repositories repositories,
            RepositoryStore repositoryStore,
            Uploads uploads,
            Blobs blobs,
            BlobStore blobStore,
            ObjectStore objects,
            BackupConfig config) {
        this.repositories = repositories;
        this.repositoryStore = repositoryStore;
        this.uploads = uploads;
        this.blobs = blobs;
        this.blobStore = blobStore;
        this.objects = objects;
        this.config = config;
    }

    Uni<Void> handle(RoutingContext context, ResticRequest request, Device device, IncomingBody body) {
        return switch (request) {
            case CreateRepository create ->
                repositories.create(device, create.repository()).invoke(() -> Answers.ok(context));
            case DeleteRepository delete ->
                repositories.delete(device, delete.repository()).invoke(() -> Answers.ok(context));
            case ListBlobs list -> list(context, list, device);
            case BlobRequest blob ->
                switch (blob.verb()) {
                    case HEAD -> head(context, blob.key(), device);
                    case GET -> get(context, blob.key(), device);
                    case POST -> save(context, blob.key(), device, body);
                    case DELETE -> blobs.delete(device, blob.key()).invoke(() -> Answers.ok(context));
                };
        };
    }

    private Uni<Void> list(RoutingContext context, ListBlobs list, Device device) {
        var accept = context.request().getHeader("Accept");
        var v2 = accept != null && accept.contains(V2);
        return repositoryStore
                .require(device.account(), list.repository())
                .invoke(() -> context.response().putHeader("Content-Type", v2 ? V2 : V1))
                .chain(() -> new ListAnswer(
                                context.response(),
                                after -> blobStore.page(
                                        device.account(), list.repository(), list.type(), v2, after, PAGE))
                        .send());
    }

    private Uni<Void> head(RoutingContext context, BlobKey key, Device device) {
        return blobs.require(device, key)
                .invoke(blob -> context.response()
                        .putHeader("Content-Length", Long.toString(blob.size()))
                        .putHeader("Accept-Ranges", "bytes")
                        .end())
                .replaceWithVoid();
    }

    private Uni<Void> get(RoutingContext context, BlobKey key, Device device) {
        return blobs.require(device, key).flatMap(blob -> {
            var response = context.response()
                    .putHeader("Content-Type", "application/octet-stream")
                    .putHeader("Accept-Ranges", "bytes");
            var range = range(context, blob.size());
            range.ifPresent(part -> response.setStatusCode(206).putHeader("Content-Range", part.of(blob.size())));
            var part = range.orElse(new ByteRange(0, blob.size()));
            var whole = part.count() == blob.size() ? Optional.of(blob.sha256()) : Optional.<String>empty();
            response.putHeader("Content-Length", Long.toString(part.count()));
            if (part.count() == 0) {
                response.end();
                return Uni.createFrom().voidItem();
            }
            return objects.get(ObjectStore.key(device.account(), blob.generation()), part.offset(), part.count())
                    .onFailure()
                    .invoke(failure -> response.headers().clear())
                    .invoke(object -> object.subscribe(
                            new ObjectDownload(response, IncomingBody.contextOf(context), part.count(), whole)))
                    .replaceWithVoid();
        });
    }

    private static Optional<ByteRange> range(RoutingContext context, long size) {
        try {
            return ByteRange.parse(context.request().getHeader("Range"), size);
        } catch (ByteRange.Unsatisfiable e) {
            context.response().headers().clear().set("Content-Range", "bytes */" + size);
            throw e;
        }
    }

    private Uni<Void> save(RoutingContext context, BlobKey key, Device device, IncomingBody body) {
        var length = body.declaredLength(key.isNamedByHash() ? config.maxBlob() : MAX_CONFIG);
        return uploads.save(device, key, length, () -> body.take(key, length, config.stall()))
                .invoke(upload -> Answers.ok(context).onSuccess(sent -> uploads.told(upload)))
                .replaceWithVoid();
    }
}
