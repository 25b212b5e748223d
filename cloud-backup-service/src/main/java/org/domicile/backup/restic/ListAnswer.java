package org.domicile.backup.restic;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Function;
import org.domicile.backup.blob.BlobPage;

/**
 * A list on its way to a client, a page at a time, one ahead of what the client has taken. A list that cannot be finished
 * is broken off, so that nobody takes a part for the whole.
 */
final class ListAnswer {
    private final HttpServerResponse response;
    private final Function<String, Uni<BlobPage>> pages;

    /** @param pages the page after a name */
    ListAnswer(HttpServerResponse response, Function<String, Uni<BlobPage>> pages) {
        this.response = response;
        this.pages = pages;
    }

    /** Fails, with nothing sent, if the first page cannot be had. */
    Uni<Void> send() {
        return pages.apply("").flatMap(first -> {
            if (!first.more()) {
                return UniHelper.toUni(response.end("[" + first.entries() + "]"));
            }
            response.setChunked(true);
            return more("[" + first.entries(), first.last()).onFailure().invoke(this::breakOff);
        });
    }

    /** Sends a page while the one after it is read. */
    private Uni<Void> more(String text, String last) {
        return Uni.combine()
                .all()
                .unis(write(text), pages.apply(last))
                .with((sent, next) -> next)
                .flatMap(next -> {
                    var entries = next.entries().isEmpty() ? "" : "," + next.entries();
                    return next.more() ? more(entries, next.last()) : UniHelper.toUni(response.end(entries + "]"));
                });
    }

    private Uni<Void> write(String text) {
        return UniHelper.toUni(response.write(text).compose(written -> drained()));
    }

    private Future<Void> drained() {
        if (!response.writeQueueFull()) {
            return Future.succeededFuture();
        }
        var drained = Promise.<Void>promise();
        response.drainHandler(ready -> drained.tryComplete());
        response.exceptionHandler(drained::tryFail);
        response.closeHandler(closed -> drained.tryFail("the client has gone"));
        return drained.future();
    }

    private void breakOff() {
        if (!response.ended() && !response.reset()) {
            response.close();
        }
    }
}
