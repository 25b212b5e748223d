package org.domicile.backup.webdav;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** A valid request of WebDAV class 1 (RFC 4918), parsed before anything handles it. */
sealed interface DavRequest {
    DavPath path();

    record Options(DavPath path) implements DavRequest {}

    record Read(DavPath path) implements DavRequest {}

    record Put(DavPath path) implements DavRequest {}

    record Delete(DavPath path) implements DavRequest {}

    record MakeCollection(DavPath path) implements DavRequest {}

    /** @param deep with everything below; false makes an empty collection */
    record Copy(DavPath path, DavPath destination, boolean overwrite, boolean deep) implements DavRequest {}

    record Move(DavPath path, DavPath destination, boolean overwrite) implements DavRequest {}

    record FindProperties(DavPath path, Depth depth) implements DavRequest {}

    record PatchProperties(DavPath path) implements DavRequest {}

    /** How far below a collection a request reaches. */
    enum Depth {
        ZERO,
        ONE,
        INFINITY;

        /** Without a header the depth is infinity (RFC 4918 section 9). */
        static Depth parse(String header) {
            return switch (header == null ? "infinity" : header.strip().toLowerCase(java.util.Locale.ROOT)) {
                case "0" -> ZERO;
                case "1" -> ONE;
                case "infinity" -> INFINITY;
                default -> throw new ProblemException(ErrorCode.INVALID_REQUEST, "Send Depth: 0, 1 or infinity.");
            };
        }
    }

    /** @throws ProblemException INVALID_REQUEST, NOT_FOUND, FORBIDDEN or METHOD_NOT_ALLOWED */
    static DavRequest parse(HttpServerRequest request) {
        if (request.uri().indexOf('#') >= 0) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Percent-encode a # in a path.");
        }
        var path = DavPath.parse(request.path());
        var depth = Depth.parse(request.getHeader("Depth"));
        return switch (request.method().name()) {
            case "OPTIONS" -> new Options(path);
            case "GET", "HEAD" -> new Read(path);
            case "PUT" -> new Put(path);
            case "DELETE" -> {
                requireInfinity(depth);
                yield new Delete(path);
            }
            case "MKCOL" -> new MakeCollection(path);
            case "COPY" -> {
                if (depth == Depth.ONE) {
                    throw new ProblemException(ErrorCode.INVALID_REQUEST, "Copy with Depth: 0 or infinity.");
                }
                yield new Copy(path, destination(request), overwrite(request), depth == Depth.INFINITY);
            }
            case "MOVE" -> {
                requireInfinity(depth);
                yield new Move(path, destination(request), overwrite(request));
            }
            case "PROPFIND" -> new FindProperties(path, depth);
            case "PROPPATCH" -> new PatchProperties(path);
            default ->
                throw new ProblemException(
                        ErrorCode.METHOD_NOT_ALLOWED, "Use a method of WebDAV class 1: there are no locks here.");
        };
    }

    private static void requireInfinity(Depth depth) {
        if (depth != Depth.INFINITY) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "Send Depth: infinity or none: a collection goes as a whole.");
        }
    }

    private static boolean overwrite(HttpServerRequest request) {
        var header = request.getHeader("Overwrite");
        return switch (header == null ? "T" : header.strip()) {
            case "T", "t" -> true;
            case "F", "f" -> false;
            default -> throw new ProblemException(ErrorCode.INVALID_REQUEST, "Send Overwrite: T or F.");
        };
    }

    /** The path alone counts: a request may come through the region-neutral origin or another region. */
    private static DavPath destination(HttpServerRequest request) {
        var header = request.getHeader("Destination");
        if (header == null) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Say with Destination where to.");
        }
        try {
            var path = new URI(header.strip()).getRawPath();
            if (path != null && (path.equals(DavPath.PREFIX) || path.startsWith(DavPath.PREFIX + "/"))) {
                return DavPath.parse(path);
            }
        } catch (URISyntaxException e) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Send a Destination that is a URI.");
        }
        throw new ProblemException(ErrorCode.FORBIDDEN, "Copy and move within /dav/ only.");
    }
}
