package org.domicile.local.part;

import java.util.ArrayList;
import java.util.List;

/** The parts of the stack, each after those it needs. */
public final class Parts {
    private Parts() {}

    /** @throws org.domicile.local.LocalFailure if something is not built */
    public static List<Part> all(List<RegionSetup> setups, World world) {
        setups.stream().map(RegionSetup::built).distinct().forEach(built -> built.check(Service.modules()));
        var parts = servers(setups, world);
        for (var setup : setups) {
            for (var service : Service.values()) {
                parts.add(new ServicePart(setup, service, world));
            }
            if (world.hasShop()) {
                parts.add(new ShopPart(setup, world));
            }
        }
        return parts;
    }

    /** PostgreSQL, Keycloak, Kafka, S3 and the mirror. */
    public static List<Part> servers(List<RegionSetup> setups, World world) {
        var parts = new ArrayList<Part>();
        var keycloak = new KeycloakDistribution(setups.getFirst());
        setups.forEach(s -> parts.add(new PostgresPart(s)));
        setups.forEach(s -> parts.add(new KeycloakPart(s, keycloak)));
        setups.forEach(s -> parts.add(new KafkaPart(s, world)));
        setups.forEach(s -> parts.add(new S3Part(s)));
        if (setups.size() > 1) {
            parts.add(new MirrorPart(setups.getFirst()));
        }
        return parts;
    }
}
