package org.domicile.local;

import java.util.List;
import org.domicile.local.home.Packaging;

/**
 * What a local stack consists of.
 *
 * @param linked whether regions call each other over {@link Stack#links()}, which can be made long, or cut
 * @param shop whether each region has a shop, an outside system that moves with its accounts
 * @param packaging how the services run
 */
public record StackOptions(List<String> regions, boolean linked, boolean shop, Packaging packaging) {
    public static StackOptions of(List<String> regions) {
        return new StackOptions(regions, false, false, Packaging.JAR);
    }

    public static StackOptions of(String... regions) {
        return of(List.of(regions));
    }

    public StackOptions withLinks() {
        return new StackOptions(regions, true, shop, packaging);
    }

    public StackOptions withShop() {
        return new StackOptions(regions, linked, true, packaging);
    }

    public StackOptions packagedAs(Packaging how) {
        return new StackOptions(regions, linked, shop, how);
    }
}
