package org.domicile.backup.webdav;

import java.time.Instant;
import java.util.UUID;

/**
 * A file or a collection.
 *
 * @param content null for a collection
 * @param modifiedAt when its content was stored; that of a collection is when it was made
 */
record Resource(UUID id, UUID parent, Details details, Content content, Instant createdAt, Instant modifiedAt) {
    /** The parent of what is directly below {@code /dav/}. */
    static final UUID ROOT = new UUID(0, 0);
    /** The parent of the top of what was deleted. */
    static final UUID TRASH = new UUID(-1, -1);

    static Resource root() {
        return new Resource(ROOT, ROOT, Details.of(""), null, Instant.EPOCH, Instant.EPOCH);
    }

    boolean isCollection() {
        return content == null;
    }

    boolean isRoot() {
        return id.equals(ROOT);
    }

    /** A strong entity tag (RFC 9110 section 8.8.3); it says nothing of the content but that it is another one. */
    String etag() {
        return isCollection() ? null : "\"" + content.id() + "\"";
    }
}
