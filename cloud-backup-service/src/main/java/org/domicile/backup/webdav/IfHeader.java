package org.domicile.backup.webdav;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * WebDAV's {@code If} (RFC 4918 section 10.4): lists of entity tags and state tokens, one of which must hold as a whole. There are
 * no locks, so no state token matches; what is said of other resources than the request's own does not match either.
 */
record IfHeader(List<List<Condition>> lists) {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(<[^>]*>)|(\\()|(\\))|(\\[[^\\]]*\\])|([Nn][Oo][Tt])(?![A-Za-z]))\\s*");

    /**
     * @param etag expected; null for a state token
     * @param elsewhere whether it is said of another resource
     */
    record Condition(boolean negated, String etag, boolean elsewhere) {
        boolean holds(Resource current) {
            var matches = !elsewhere && etag != null && current != null && etag.equals(current.etag());
            return matches != negated;
        }
    }

    boolean holds(Resource current) {
        return lists.stream().anyMatch(list -> list.stream().allMatch(c -> c.holds(current)));
    }

    /** @throws ProblemException INVALID_REQUEST if it is not such a header */
    static IfHeader parse(String header, DavPath path) {
        var lists = new ArrayList<List<Condition>>();
        List<Condition> open = null;
        var negated = false;
        var elsewhere = false;
        var matcher = TOKEN.matcher(header);
        var at = 0;
        while (at < header.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw invalid();
            }
            at = matcher.end();
            if (matcher.group(2) != null) {
                open = require(open == null, new ArrayList<>());
            } else if (matcher.group(3) != null) {
                lists.add(require(open != null && !open.isEmpty() && !negated, open));
                open = null;
            } else if (matcher.group(1) != null && open == null) {
                elsewhere = !names(matcher.group(1), path);
            } else if (matcher.group(5) != null) {
                negated = require(open != null && !negated, true);
            } else {
                var tag = matcher.group(4);
                require(open != null, open)
                        .add(new Condition(
                                negated, tag == null ? null : tag.substring(1, tag.length() - 1), elsewhere));
                negated = false;
            }
        }
        require(open == null && !lists.isEmpty(), lists);
        return new IfHeader(lists);
    }

    private static boolean names(String tag, DavPath path) {
        try {
            return DavPath.parse(String.valueOf(
                            URI.create(tag.substring(1, tag.length() - 1)).getRawPath()))
                    .equals(path);
        } catch (IllegalArgumentException | ProblemException e) {
            return false;
        }
    }

    private static <T> T require(boolean holds, T value) {
        if (!holds) {
            throw invalid();
        }
        return value;
    }

    private static ProblemException invalid() {
        return new ProblemException(
                ErrorCode.INVALID_REQUEST, "Send an If header as RFC 4918 section 10.4 has it, or none.");
    }
}
