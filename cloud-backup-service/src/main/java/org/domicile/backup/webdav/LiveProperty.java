package org.domicile.backup.webdav;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The properties that the server knows (RFC 4918 section 15; RFC 4331 for the quota's). Clients cannot set them. */
enum LiveProperty {
    RESOURCETYPE,
    CREATIONDATE,
    GETLASTMODIFIED,
    GETCONTENTLENGTH,
    GETCONTENTTYPE,
    GETETAG,
    QUOTA_AVAILABLE_BYTES,
    QUOTA_USED_BYTES;

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private final PropertyName property =
            PropertyName.dav(name().toLowerCase(Locale.ROOT).replace('_', '-'));

    PropertyName property() {
        return property;
    }

    /** RFC 4331 section 3: not a part of what "all" means. */
    boolean isForQuota() {
        return this == QUOTA_AVAILABLE_BYTES || this == QUOTA_USED_BYTES;
    }

    static Optional<LiveProperty> find(PropertyName name) {
        for (var property : values()) {
            if (property.property.equals(name)) {
                return Optional.of(property);
            }
        }
        return Optional.empty();
    }

    /** The value as XML, or null where the resource has no such property. */
    String value(Resource resource, Room room) {
        var collection = resource.isCollection();
        return switch (this) {
            case RESOURCETYPE -> collection ? "<D:collection/>" : "";
            case CREATIONDATE -> resource.createdAt().toString();
            case GETLASTMODIFIED -> httpDate(resource.modifiedAt());
            case GETCONTENTLENGTH ->
                collection ? null : Long.toString(resource.content().size());
            case GETCONTENTTYPE -> collection ? null : escaped(mediaType(resource));
            case GETETAG -> collection ? null : escaped(resource.etag());
            case QUOTA_AVAILABLE_BYTES -> collection && room != null ? Long.toString(room.available()) : null;
            case QUOTA_USED_BYTES -> collection && room != null ? Long.toString(room.used()) : null;
        };
    }

    /** The account's storage, in bytes. */
    record Room(long used, long available) {}

    static String httpDate(Instant instant) {
        return HTTP_DATE.format(instant.atOffset(ZoneOffset.UTC));
    }

    static String mediaType(Resource resource) {
        var type = resource.details().mediaType();
        return type == null ? "application/octet-stream" : type;
    }

    private static String escaped(String text) {
        var xml = new StringBuilder();
        Xml.escape(text, xml);
        return xml.toString();
    }
}
