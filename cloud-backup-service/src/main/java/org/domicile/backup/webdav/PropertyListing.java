package org.domicile.backup.webdav;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.domicile.backup.usage.UsageStore;
import org.domicile.backup.webdav.DavRequest.Depth;
import org.domicile.platform.account.AccountId;

/**
 * Answers PROPFIND: page by page as the client takes them, each collection before its members, so that the memory it needs does
 * not grow with the tree.
 */
@ApplicationScoped
public class PropertyListing {
    private static final String MEDIA_TYPE = "application/xml; charset=utf-8";

    private final Tree tree;
    private final UsageStore usage;

    @Inject
    public PropertyListing(Tree tree, UsageStore usage) {
        this.tree = tree;
        this.usage = usage;
    }

    static void answer(RoutingContext context, String xml) {
        context.response()
                .setStatusCode(207)
                .putHeader("Content-Type", MEDIA_TYPE)
                .end(xml);
    }

    Uni<Void> write(
            RoutingContext context,
            AccountId account,
            Tree.Opened opened,
            DavRequest.FindProperties request,
            PropertyQuery query) {
        var top = opened.place().require();
        return room(account, query).flatMap(room -> {
            var first = Multistatus.START + Multistatus.response(request.path(), top, query, room);
            if (request.depth() == Depth.ZERO || !top.isCollection()) {
                answer(context, first + Multistatus.END);
                return Uni.createFrom().voidItem();
            }
            var response =
                    context.response().setStatusCode(207).setChunked(true).putHeader("Content-Type", MEDIA_TYPE);
            return new Listing(response, account, opened, query, room, request.depth() == Depth.INFINITY)
                    .members(request.path(), top, Resource.ROOT, first)
                    .invoke(() -> response.end(Multistatus.END));
        });
    }

    private Uni<LiveProperty.Room> room(AccountId account, PropertyQuery query) {
        if (!query.wants(LiveProperty.QUOTA_AVAILABLE_BYTES.property())
                && !query.wants(LiveProperty.QUOTA_USED_BYTES.property())) {
            return Uni.createFrom().nullItem();
        }
        return usage.of(account)
                .map(used ->
                        new LiveProperty.Room(used.usedBytes(), Math.max(0, used.quotaBytes() - used.usedBytes())));
    }

    /** One answer on its way. */
    private final class Listing {
        private final HttpServerResponse response;
        private final AccountId account;
        private final Tree.Opened opened;
        private final PropertyQuery query;
        private final LiveProperty.Room room;
        private final boolean deep;

        Listing(
                HttpServerResponse response,
                AccountId account,
                Tree.Opened opened,
                PropertyQuery query,
                LiveProperty.Room room,
                boolean deep) {
            this.response = response;
            this.account = account;
            this.opened = opened;
            this.query = query;
            this.room = room;
            this.deep = deep;
        }

        Uni<Void> members(DavPath path, Resource collection, UUID after, String before) {
            return tree.members(account, opened, collection, after).flatMap(page -> {
                var xml = new StringBuilder(before);
                var below = new ArrayList<Resource>();
                for (var member : page) {
                    xml.append(Multistatus.response(path.child(member.details().name()), member, query, room));
                    if (deep && member.isCollection()) {
                        below.add(member);
                    }
                }
                return send(xml.toString())
                        .chain(() -> below(path, below))
                        .chain(() -> Tree.isLastPage(page)
                                ? Uni.createFrom().voidItem()
                                : members(path, collection, page.getLast().id(), ""));
            });
        }

        private Uni<Void> below(DavPath path, List<Resource> collections) {
            return Multi.createFrom()
                    .iterable(collections)
                    .onItem()
                    .transformToUniAndConcatenate(
                            c -> members(path.child(c.details().name()), c, Resource.ROOT, "")
                                    .replaceWith(c))
                    .collect()
                    .last()
                    .replaceWithVoid();
        }

        private Uni<Void> send(String xml) {
            var written = response.write(xml);
            return response.writeQueueFull()
                    ? Uni.createFrom().completionStage(written::toCompletionStage)
                    : Uni.createFrom().voidItem();
        }
    }
}
