package org.domicile.platform.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.domicile.platform.participant.ExportClass;
import org.domicile.platform.retention.RetentionClass;

/** Whether an owner's export has all that a service says it stores. */
public final class ExportCoverage {
    private ExportCoverage() {}

    /**
     * Fails unless every stored class is either exported or left out for a reason.
     *
     * @param sameAs stored class → the exported class that has it under another name
     * @param leftOut stored class → why its owner does not get it
     */
    public static void assertComplete(
            List<RetentionClass> stored,
            Collection<ExportClass> exported,
            Map<String, String> sameAs,
            Map<String, String> leftOut) {
        var names = exported.stream().map(ExportClass::name).collect(Collectors.toSet());
        var missing = new TreeSet<String>();
        for (var stores : stored) {
            if (!names.contains(sameAs.getOrDefault(stores.name(), stores.name()))) {
                missing.add(stores.name());
            }
        }
        assertEquals(new TreeSet<>(leftOut.keySet()), missing, "exported, or left out with a reason");
    }
}
