package org.domicile.local.part;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.domicile.local.LocalFailure;

/**
 * A region that the local stack can run.
 *
 * @param jurisdiction ISO 3166 code of the law that holds there
 */
public record RegionSpec(String id, String jurisdiction) {
    /** All that can be run, in the order in which they are started by default. */
    public static final List<RegionSpec> KNOWN =
            List.of(new RegionSpec("cn-north", "CN"), new RegionSpec("ap-southeast", "SG"));

    /** @throws LocalFailure naming the ones that exist */
    public static List<RegionSpec> parse(List<String> ids) {
        return ids.stream().distinct().map(RegionSpec::parse).toList();
    }

    private static RegionSpec parse(String id) {
        return KNOWN.stream()
                .filter(r -> r.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new LocalFailure("There is no region \"" + id + "\": choose from "
                        + KNOWN.stream().map(RegionSpec::id).collect(Collectors.joining(", ")) + "."));
    }

    public Stream<RegionSpec> othersOf(List<RegionSpec> all) {
        return all.stream().filter(r -> !r.equals(this));
    }
}
