package org.domicile.backup.webdav;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a PROPPATCH changes (RFC 4918 section 9.2), in its order; all of it or nothing. */
record PropertyPatch(List<Step> steps) {
    /** @param value the property's element, or null to remove it */
    record Step(PropertyName name, String value) {}

    /** @throws org.domicile.platform.error.ProblemException MALFORMED_BODY */
    static PropertyPatch parse(byte[] body) {
        var root = Xml.parse(body);
        if (!Xml.is(root, "propertyupdate")) {
            throw Xml.malformed();
        }
        var steps = new ArrayList<Step>();
        for (var action : Xml.elements(root)) {
            var set = Xml.is(action, "set");
            if (!set && !Xml.is(action, "remove")) {
                continue;
            }
            for (var prop : Xml.elements(action)) {
                if (Xml.is(prop, "prop")) {
                    Xml.elements(prop).forEach(p -> steps.add(new Step(Xml.name(p), set ? Xml.fragment(p) : null)));
                }
            }
        }
        if (steps.isEmpty()) {
            throw Xml.malformed();
        }
        return new PropertyPatch(steps);
    }

    List<PropertyName> names() {
        return steps.stream().map(Step::name).distinct().toList();
    }

    /** Those that only the server sets. */
    Set<PropertyName> refused() {
        var refused = new LinkedHashSet<PropertyName>();
        names().stream().filter(name -> LiveProperty.find(name).isPresent()).forEach(refused::add);
        return refused;
    }

    Details apply(Details details) {
        var dead = new LinkedHashMap<>(details.dead());
        for (var step : steps) {
            if (step.value() == null) {
                dead.remove(step.name());
            } else {
                dead.put(step.name(), step.value());
            }
        }
        return details.with(dead);
    }
}
