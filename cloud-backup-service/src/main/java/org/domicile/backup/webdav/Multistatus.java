package org.domicile.backup.webdav;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The XML of a 207 answer (RFC 4918 section 13), written resource by resource. */
final class Multistatus {
    static final String START = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"DAV:\">\n";
    static final String END = "</D:multistatus>\n";

    private Multistatus() {}

    /** What a resource has of what was asked for. */
    static String response(DavPath path, Resource resource, PropertyQuery query, LiveProperty.Room room) {
        var found = new StringBuilder();
        var missing = new ArrayList<PropertyName>();
        switch (query) {
            case PropertyQuery.Names names -> {
                for (var live : LiveProperty.values()) {
                    if (live.isForQuota() ? resource.isCollection() : live.value(resource, room) != null) {
                        Xml.empty(live.property(), found);
                    }
                }
                resource.details().dead().keySet().forEach(name -> Xml.empty(name, found));
            }
            case PropertyQuery.All all -> {
                for (var live : LiveProperty.values()) {
                    if (!live.isForQuota() || all.include().contains(live.property())) {
                        value(live, resource, room, found);
                    }
                }
                resource.details().dead().values().forEach(found::append);
            }
            case PropertyQuery.Some some -> some(some.names(), resource, room, found, missing);
        }
        var xml = start(path, resource.isCollection());
        if (!found.isEmpty() || missing.isEmpty()) {
            propstat(xml, found, "200 OK");
        }
        if (!missing.isEmpty()) {
            propstat(xml, empty(missing), "404 Not Found");
        }
        return end(xml);
    }

    /** What became of a PROPPATCH: the same status for all that were asked for, or for those to blame and the others. */
    static String response(DavPath path, boolean collection, List<PropertyName> asked, Set<PropertyName> refused) {
        var xml = start(path, collection);
        var blamed = asked.stream().filter(refused::contains).toList();
        var others = asked.stream().filter(name -> !refused.contains(name)).toList();
        if (!blamed.isEmpty()) {
            propstat(xml, empty(blamed), "403 Forbidden");
        }
        if (!others.isEmpty()) {
            propstat(xml, empty(others), blamed.isEmpty() ? "200 OK" : "424 Failed Dependency");
        }
        return end(xml);
    }

    private static void some(
            Set<PropertyName> names,
            Resource resource,
            LiveProperty.Room room,
            StringBuilder found,
            List<PropertyName> missing) {
        for (var name : names) {
            var live = LiveProperty.find(name);
            var dead = resource.details().dead().get(name);
            if (dead != null && live.isEmpty()) {
                found.append(dead);
            } else if (live.isEmpty() || !value(live.get(), resource, room, found)) {
                missing.add(name);
            }
        }
    }

    private static boolean value(LiveProperty live, Resource resource, LiveProperty.Room room, StringBuilder xml) {
        var value = live.value(resource, room);
        if (value == null) {
            return false;
        }
        var tag = "D:" + live.property().local();
        xml.append('<')
                .append(tag)
                .append('>')
                .append(value)
                .append("</")
                .append(tag)
                .append('>');
        return true;
    }

    private static StringBuilder empty(List<PropertyName> names) {
        var xml = new StringBuilder();
        names.forEach(name -> Xml.empty(name, xml));
        return xml;
    }

    private static StringBuilder start(DavPath path, boolean collection) {
        var xml = new StringBuilder("<D:response><D:href>");
        Xml.escape(path.href(collection), xml);
        return xml.append("</D:href>");
    }

    private static void propstat(StringBuilder xml, CharSequence properties, String status) {
        xml.append("<D:propstat><D:prop>")
                .append(properties)
                .append("</D:prop><D:status>HTTP/1.1 ")
                .append(status)
                .append("</D:status></D:propstat>");
    }

    private static String end(StringBuilder xml) {
        return xml.append("</D:response>\n").toString();
    }
}
