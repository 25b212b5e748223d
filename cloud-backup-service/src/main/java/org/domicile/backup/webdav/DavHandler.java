package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.OptionalLong;
import mutiny.zero.flow.adapters.AdaptersToReactiveStreams;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.blob.ObjectDownload;
import org.domicile.backup.restic.ByteRange;
import org.domicile.backup.webdav.DavRequest.Copy;
import org.domicile.backup.webdav.DavRequest.Delete;
import org.domicile.backup.webdav.DavRequest.FindProperties;
import org.domicile.backup.webdav.DavRequest.MakeCollection;
import org.domicile.backup.webdav.DavRequest.Move;
import org.domicile.backup.webdav.DavRequest.Options;
import org.domicile.backup.webdav.DavRequest.PatchProperties;
import org.domicile.backup.webdav.DavRequest.Put;
import org.domicile.backup.webdav.DavRequest.Read;
import org.domicile.platform.device.Device;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Answers WebDAV at an account's home. */
@ApplicationScoped
public class DavHandler {
    private static final int MAX_XML = 256 << 10;

    private final Tree tree;
    private final Uploading uploading;
    private final ContentReader reader;
    private final PropertyListing listing;
    private final BackupConfig config;

    @Inject
    public DavHandler(
            Tree tree, Uploading uploading, ContentReader reader, PropertyListing listing, BackupConfig config) {
        this.tree = tree;
        this.uploading = uploading;
        this.reader = reader;
        this.listing = listing;
        this.config = config;
    }

    Uni<Void> handle(RoutingContext context, DavRequest request, Device device, DavBody body) {
        var conditions = new Conditions(context.request(), request.path());
        return switch (request) {
            case Options options -> Uni.createFrom().voidItem().invoke(() -> options(context));
            case Read read -> read(context, read, device, conditions);
            case Put put -> put(context, put, device, conditions, body);
            case Delete delete ->
                tree.delete(device, delete.path(), conditions)
                        .invoke(() -> context.response().setStatusCode(204).end());
            case MakeCollection make -> makeCollection(context, make, device, conditions, body);
            case Copy copy ->
                tree.copy(device, copy, conditions)
                        .invoke(outcome -> DavAnswers.created(context, outcome))
                        .replaceWithVoid();
            case Move move ->
                tree.move(device, move, conditions)
                        .invoke(outcome -> DavAnswers.created(context, outcome))
                        .replaceWithVoid();
            case FindProperties find -> find(context, find, device, body);
            case PatchProperties patch -> patch(context, patch, device, conditions, body);
        };
    }

    static void options(RoutingContext context) {
        context.response()
                .putHeader("DAV", "1")
                .putHeader("MS-Author-Via", "DAV")
                .putHeader("Allow", DavAnswers.METHODS);
        DavAnswers.notice(context);
    }

    private Uni<Void> read(RoutingContext context, Read read, Device device, Conditions conditions) {
        return tree.open(device.account(), read.path()).flatMap(opened -> {
            var resource = opened.place().require();
            if (!resource.isRoot()) {
                describe(context, resource);
            }
            conditions.requireForRead(resource);
            if (resource.isCollection()) {
                DavAnswers.notice(context);
                return Uni.createFrom().voidItem();
            }
            var range = conditions.allowsRange(resource) ? context.request().getHeader("Range") : null;
            return send(context, device, opened.cipher(), resource, range);
        });
    }

    private static void describe(RoutingContext context, Resource resource) {
        var headers = context.response()
                .putHeader("Last-Modified", LiveProperty.httpDate(resource.modifiedAt()))
                .headers();
        if (!resource.isCollection()) {
            headers.set("ETag", resource.etag()).set("Accept-Ranges", "bytes");
        }
    }

    private Uni<Void> send(RoutingContext context, Device device, DavCipher cipher, Resource file, String header) {
        var response = context.response();
        var size = file.content().size();
        var head = context.request().method() == HttpMethod.HEAD;
        ByteRange part;
        try {
            var range = head ? java.util.Optional.<ByteRange>empty() : ByteRange.parse(header, size);
            range.ifPresent(some -> response.setStatusCode(206).putHeader("Content-Range", some.of(size)));
            part = range.orElse(new ByteRange(0, size));
        } catch (ByteRange.Unsatisfiable e) {
            response.putHeader("Content-Range", "bytes */" + size)
                    .setStatusCode(416)
                    .end();
            return Uni.createFrom().voidItem();
        }
        response.putHeader("Content-Type", LiveProperty.mediaType(file))
                .putHeader("Content-Length", Long.toString(part.count()));
        if (head || part.count() == 0) {
            response.end();
            return Uni.createFrom().voidItem();
        }
        return reader.read(device.account(), cipher, file.content(), part.offset(), part.count())
                .onFailure()
                .invoke(failure -> response.headers().clear())
                .invoke(plain -> AdaptersToReactiveStreams.publisher(plain)
                        .subscribe(new ObjectDownload(response, DavBody.contextOf(context), part.count())))
                .replaceWithVoid();
    }

    private Uni<Void> put(RoutingContext context, Put put, Device device, Conditions conditions, DavBody body) {
        var request = context.request();
        if (request.getHeader("Content-Range") != null) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Send the whole content, without Content-Range.");
        }
        if (put.path().isRoot()) {
            throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "Put files into the root, not over it.");
        }
        var upload = new Uploading.Put(
                device, put.path(), conditions, declaredLength(request), request.getHeader("Content-Type"));
        return uploading
                .save(
                        upload,
                        (cipher, generation) -> new EncryptedBody(
                                body.take(),
                                DavBody.contextOf(context),
                                upload.length(),
                                config.stall(),
                                cipher,
                                generation))
                .invoke(stored -> {
                    context.response().putHeader("ETag", "\"" + stored.content().id() + "\"");
                    DavAnswers.created(context, stored.outcome());
                })
                .replaceWithVoid();
    }

    private static OptionalLong declaredLength(HttpServerRequest request) {
        var header = request.getHeader("Content-Length");
        if (header == null) {
            return OptionalLong.empty();
        }
        try {
            var length = Long.parseLong(header);
            if (length >= 0) {
                return OptionalLong.of(length);
            }
        } catch (NumberFormatException e) {
            // answered below, as a negative length is
        }
        throw new ProblemException(ErrorCode.INVALID_REQUEST, "Send a Content-Length that is a number of bytes.");
    }

    private Uni<Void> makeCollection(
            RoutingContext context, MakeCollection make, Device device, Conditions conditions, DavBody body) {
        if (make.path().isRoot()) {
            throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "The root collection is there.");
        }
        return SmallBody.read(body.take(), MAX_XML)
                .invoke(sent -> {
                    if (sent.length > 0) {
                        throw new ProblemException(
                                ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Make a collection without a body.");
                    }
                })
                .chain(() -> tree.makeCollection(device, make.path(), conditions))
                .invoke(() -> context.response().setStatusCode(201).end());
    }

    private Uni<Void> find(RoutingContext context, FindProperties find, Device device, DavBody body) {
        return SmallBody.read(body.take(), MAX_XML).map(PropertyQuery::parse).flatMap(query -> tree.open(
                        device.account(), find.path())
                .flatMap(opened -> listing.write(context, device.account(), opened, find, query)));
    }

    private Uni<Void> patch(
            RoutingContext context, PatchProperties request, Device device, Conditions conditions, DavBody body) {
        return SmallBody.read(body.take(), MAX_XML).map(PropertyPatch::parse).flatMap(patch -> {
            var refused = request.path().isRoot() ? java.util.Set.copyOf(patch.names()) : patch.refused();
            return (refused.isEmpty()
                            ? tree.patch(device, request.path(), conditions, patch::apply)
                            : tree.open(device.account(), request.path())
                                    .map(opened -> opened.place().require()))
                    .invoke(resource -> PropertyListing.answer(
                            context,
                            Multistatus.START
                                    + Multistatus.response(
                                            request.path(), resource.isCollection(), patch.names(), refused)
                                    + Multistatus.END))
                    .replaceWithVoid();
        });
    }
}
