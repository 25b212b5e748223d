package org.domicile.backup.webdav;

import java.util.LinkedHashSet;
import java.util.Set;

/** What a PROPFIND asks for (RFC 4918 section 9.1). */
sealed interface PropertyQuery {
    /** All dead properties and the live ones that RFC 4918 defines, and those that the client adds. */
    record All(Set<PropertyName> include) implements PropertyQuery {}

    record Names() implements PropertyQuery {}

    record Some(Set<PropertyName> names) implements PropertyQuery {}

    default boolean wants(PropertyName name) {
        return switch (this) {
            case All all -> all.include().contains(name);
            case Names names -> false;
            case Some some -> some.names().contains(name);
        };
    }

    /** @throws org.domicile.platform.error.ProblemException MALFORMED_BODY */
    static PropertyQuery parse(byte[] body) {
        if (body.length == 0) {
            return new All(Set.of());
        }
        var root = Xml.parse(body);
        if (!Xml.is(root, "propfind")) {
            throw Xml.malformed();
        }
        var include = new LinkedHashSet<PropertyName>();
        PropertyQuery query = null;
        for (var element : Xml.elements(root)) {
            if (Xml.is(element, "include")) {
                Xml.elements(element).forEach(e -> include.add(Xml.name(e)));
            } else if (Xml.is(element, "prop") || Xml.is(element, "allprop") || Xml.is(element, "propname")) {
                if (query != null) {
                    throw Xml.malformed();
                }
                query = switch (element.getLocalName()) {
                    case "allprop" -> new All(include);
                    case "propname" -> new Names();
                    default -> {
                        var names = new LinkedHashSet<PropertyName>();
                        Xml.elements(element).forEach(e -> names.add(Xml.name(e)));
                        yield new Some(names);
                    }
                };
            }
        }
        if (query == null) {
            throw Xml.malformed();
        }
        return query;
    }
}
