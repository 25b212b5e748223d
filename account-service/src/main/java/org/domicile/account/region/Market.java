package org.domicile.account.region;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A market (country) and its placement.
 *
 * @param id ISO 3166 code
 * @param home region where new accounts are made
 * @param target region where its accounts belong
 */
public record Market(String id, String home, String target) {
    /** The regions where an account of this market may be found. */
    public Set<String> regions() {
        var regions = new LinkedHashSet<String>();
        regions.add(home);
        regions.add(target);
        return regions;
    }
}
