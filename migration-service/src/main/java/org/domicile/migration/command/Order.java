package org.domicile.migration.command;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.Manifest;

/**
 * What one participant is to do, before it is signed.
 *
 * @param region where the participant is
 * @param service its service
 * @param manifest CLOSE only
 * @param projections CLOSE only
 * @param awaited CLOSE only: nothing else closes the shadow
 */
public record Order(
        FenceOperation operation,
        String region,
        String service,
        long epoch,
        Manifest manifest,
        Map<String, Long> projections,
        boolean awaited) {

    public static List<Order> toAll(Collection<String> services, FenceOperation operation, String region, long epoch) {
        return services.stream()
                .map(service -> new Order(operation, region, service, epoch, null, null, false))
                .toList();
    }
}
