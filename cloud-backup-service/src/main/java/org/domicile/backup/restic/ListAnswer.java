package org.domicile.backup.restic;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Function;
import org.domicile.backup.blob.BlobPage;

/**
 * A list on its way to a client, a page at a time, each asked for when the one before has been taken. A list that cannot be finished
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
            return write("[" + first.entries())
                    .flatMap(sent -> rest(first.last()))
                    .onFailure()
                    .invoke(this::breakOff);
        });
    }

    private Uni<Void> rest(String last) {
        return pages.apply(last).flatMap(page -> {
            var text = page.entries().isEmpty() ? "" : "," + page.entries();
            return page.more()
                    ? write(text).flatMap(sent -> rest(page.last()))
                    : UniHelper.toUni(response.end(text + "]"));
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
