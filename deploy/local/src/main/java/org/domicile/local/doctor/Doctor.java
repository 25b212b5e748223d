package org.domicile.local.doctor;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Looks at what a region's provider offers, from where the region's services would run. */
record Doctor(RegionFile region, Clock clock) {
    List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        try (var store = new ObjectStoreCheck(region, clock)) {
            findings.addAll(store.findings());
        }
        findings.addAll(new DatabaseCheck(region, clock).findings());
        findings.addAll(new BrokerCheck(region, clock).findings());
        return findings;
    }
}
