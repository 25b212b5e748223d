package org.domicile.backup.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * Where a resource is, from the root {@code /dav/} down: decoded names. No name is empty, {@code .} or {@code ..}, has a slash or a
 * control character, or is longer than 255 bytes; a trailing slash says nothing.
 */
public record DavPath(List<String> names) {
    static final String PREFIX = "/dav";
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAME = 255;
    private static final String UNRESERVED = "-._~!$&'()*+,;=:@";

    public DavPath {
        names = List.copyOf(names);
    }

    /**
     * @param path as received, percent-encoded
     * @throws ProblemException NOT_FOUND for a path outside of {@code /dav/}, INVALID_REQUEST for one that cannot be
     */
    static DavPath parse(String path) {
        if (!path.equals(PREFIX) && !path.startsWith(PREFIX + "/")) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "Ask for a path under /dav/.");
        }
        var names = new ArrayList<String>();
        for (var segment : path.substring(PREFIX.length()).split("/", -1)) {
            if (!segment.isEmpty()) {
                names.add(decode(segment));
            }
        }
        if (names.size() > MAX_DEPTH) {
            throw invalid();
        }
        return new DavPath(names);
    }

    boolean isRoot() {
        return names.isEmpty();
    }

    String name() {
        return names.getLast();
    }

    DavPath parent() {
        return new DavPath(names.subList(0, names.size() - 1));
    }

    DavPath child(String name) {
        var longer = new ArrayList<>(names);
        longer.add(name);
        return new DavPath(longer);
    }

    /** Whether this is the other or lies below it. */
    boolean isWithin(DavPath other) {
        return names.size() >= other.names.size()
                && names.subList(0, other.names.size()).equals(other.names);
    }

    /** The path percent-encoded (RFC 3986); that of a collection ends with a slash. */
    String href(boolean collection) {
        var href = new StringBuilder(PREFIX);
        for (var name : names) {
            href.append('/');
            encode(name, href);
        }
        return (collection ? href.append('/') : href).toString();
    }

    @Override
    public String toString() {
        return "DavPath[" + names.size() + " names]";
    }

    private static String decode(String segment) {
        var bytes = ByteBuffer.allocate(segment.length() * 3);
        for (int i = 0; i < segment.length(); i++) {
            var c = segment.charAt(i);
            if (c == '%') {
                bytes.put(hex(segment, i + 1));
                i += 2;
            } else if (c > ' ' && c < 0x7f) {
                bytes.put((byte) c);
            } else {
                throw invalid();
            }
        }
        return checked(bytes.flip());
    }

    private static byte hex(String segment, int at) {
        if (at + 2 > segment.length()) {
            throw invalid();
        }
        int high = Character.digit(segment.charAt(at), 16);
        int low = Character.digit(segment.charAt(at + 1), 16);
        if (high < 0 || low < 0) {
            throw invalid();
        }
        return (byte) (high << 4 | low);
    }

    private static String checked(ByteBuffer bytes) {
        if (bytes.remaining() > MAX_NAME) {
            throw invalid();
        }
        try {
            var name = UTF_8.newDecoder().decode(bytes).toString();
            if (name.equals(".")
                    || name.equals("..")
                    || name.chars().anyMatch(c -> c == '/' || Character.isISOControl(c))) {
                throw invalid();
            }
            return name;
        } catch (CharacterCodingException e) {
            throw invalid();
        }
    }

    private static void encode(String name, StringBuilder href) {
        for (byte b : name.getBytes(UTF_8)) {
            if (b > 0 && (Character.isLetterOrDigit(b) || UNRESERVED.indexOf(b) >= 0)) {
                href.append((char) b);
            } else {
                href.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
    }

    private static ProblemException invalid() {
        return new ProblemException(
                ErrorCode.INVALID_REQUEST,
                "Use a path of at most 64 names, each of at most 255 bytes of UTF-8, percent-encoded, without control"
                        + " characters.");
    }
}
