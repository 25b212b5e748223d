package org.domicile.backup.webdav;

import io.vertx.core.http.HttpServerRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** The preconditions of a request: RFC 9110 section 13, and WebDAV's {@code If}. */
final class Conditions {
    private final String match;
    private final String noneMatch;
    private final String modifiedSince;
    private final String unmodifiedSince;
    private final String range;
    private final Optional<IfHeader> ifHeader;

    Conditions(HttpServerRequest request, DavPath path) {
        this.match = joined(request, "If-Match");
        this.noneMatch = joined(request, "If-None-Match");
        this.modifiedSince = request.getHeader("If-Modified-Since");
        this.unmodifiedSince = request.getHeader("If-Unmodified-Since");
        this.range = request.getHeader("If-Range");
        this.ifHeader = Optional.ofNullable(request.getHeader("If")).map(header -> IfHeader.parse(header, path));
    }

    /** What the client has is what there is: 304. */
    static final class NotModified extends RuntimeException {
        NotModified() {
            super("not modified", null, false, false);
        }
    }

    /**
     * @param current null if there is none
     * @throws ProblemException PRECONDITION_FAILED (412)
     */
    void requireForWrite(Resource current) {
        if (!mayProceed(current) || noneMatch != null && matches(noneMatch, current)) {
            throw failed();
        }
    }

    /** @throws NotModified if the client has it already; ProblemException PRECONDITION_FAILED (412) */
    void requireForRead(Resource current) {
        if (!mayProceed(current)) {
            throw failed();
        }
        if (noneMatch != null) {
            if (matches(noneMatch, current)) {
                throw new NotModified();
            }
            return;
        }
        var since = date(modifiedSince);
        if (since != null && !seconds(current).isAfter(since)) {
            throw new NotModified();
        }
    }

    /** Whether a range may be answered: the client's other parts are of the same content. */
    boolean allowsRange(Resource current) {
        if (range == null) {
            return true;
        }
        var since = date(range);
        return since == null
                ? range.strip().equals(current.etag())
                : seconds(current).equals(since);
    }

    private boolean mayProceed(Resource current) {
        if (match != null && !matches(match, current)) {
            return false;
        }
        var until = match == null ? date(unmodifiedSince) : null;
        if (until != null && (current == null || seconds(current).isAfter(until))) {
            return false;
        }
        return ifHeader.isEmpty() || ifHeader.get().holds(current);
    }

    private static boolean matches(String list, Resource current) {
        return current != null
                && Arrays.stream(list.split(","))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(current.etag()));
    }

    private static Instant seconds(Resource current) {
        return current.modifiedAt().truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant date(String header) {
        try {
            return header == null
                    ? null
                    : ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String joined(HttpServerRequest request, String name) {
        var all = request.headers().getAll(name);
        return all.isEmpty() ? null : String.join(",", all);
    }

    private static ProblemException failed() {
        return new ProblemException(
                ErrorCode.PRECONDITION_FAILED,
                "What is stored is not what the request expects: read it again, then decide.");
    }
}
