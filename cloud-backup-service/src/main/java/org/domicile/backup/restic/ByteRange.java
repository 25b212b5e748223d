package org.domicile.backup.restic;

import java.util.Optional;
import java.util.regex.Pattern;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * A part of a blob (RFC 9110 section 14).
 *
 * @param offset first byte
 * @param count bytes, at least 1
 */
public record ByteRange(long offset, long count) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** A range lies outside of the content: 416 and its size. */
    public static final class Unsatisfiable extends RuntimeException {
        Unsatisfiable() {
            super("the range lies outside of the content", null, false, false);
        }
    }

    /**
     * @return empty if the whole is wanted: no header, or one of several ranges or of another unit, which a server may ignore
     * @throws Unsatisfiable if no byte of the range exists
     */
    public static Optional<ByteRange> parse(String header, long size) {
        if (header == null) {
            return Optional.empty();
        }
        var match = ONE.matcher(header.replace(" ", ""));
        if (!match.matches() || match.group(1).isEmpty() && match.group(2).isEmpty()) {
            return Optional.empty();
        }
        if (match.group(1).isEmpty()) {
            return Optional.of(last(Long.parseLong(match.group(2)), size));
        }
        var first = Long.parseLong(match.group(1));
        var last = match.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(match.group(2)), size - 1);
        if (first >= size) {
            throw new Unsatisfiable();
        }
        if (last < first) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "A range ends after its beginning.");
        }
        return Optional.of(new ByteRange(first, last - first + 1));
    }

    private static ByteRange last(long count, long size) {
        if (count == 0 || size == 0) {
            throw new Unsatisfiable();
        }
        return new ByteRange(Math.max(0, size - count), Math.min(count, size));
    }

    /** The value of Content-Range. */
    public String of(long size) {
        return "bytes " + offset + "-" + (offset + count - 1) + "/" + size;
    }
}
