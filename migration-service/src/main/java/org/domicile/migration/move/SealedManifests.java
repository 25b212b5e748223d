package org.domicile.migration.move;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.command.Order;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.Manifest;

/**
 * What the source's participants sealed at one epoch, and how the target compares (migration.md rules 6, 7, 11).
 *
 * @param source the region that is frozen
 */
record SealedManifests(Acks acks, String source, long epoch) {
    /** The participant whose ledgers the others project. */
    private static final String LEDGERS = "account";

    List<Order> closeOrders(Collection<String> services, String target) {
        return services.stream()
                .map(s -> new Order(FenceOperation.CLOSE, target, s, epoch, sealed(s), required(s), awaited(s)))
                .toList();
    }

    /** To the old home's participants: what they sealed is to be compared with what the new home has. */
    List<Order> keepOrders(Collection<String> services, long at) {
        return services.stream()
                .map(s -> new Order(
                        FenceOperation.KEEP,
                        source,
                        s,
                        at,
                        acks.at(source, s, FenceMode.FROZEN, epoch)
                                .map(FenceAck::manifest)
                                .orElse(null),
                        null,
                        false))
                .toList();
    }

    /** Whether no projection at the target is known to lag behind the sealed ledgers. */
    boolean projectionsReached(Collection<String> services, String target) {
        return services.stream().allMatch(s -> {
            var reached = closed(target, s).projections();
            var required = required(s);
            return required == null
                    || reached == null
                    || required.entrySet().stream()
                            .allMatch(e -> reached.getOrDefault(e.getKey(), e.getValue()) >= e.getValue());
        });
    }

    /** {@code service/class} of every class of data that is not the same at both ends. */
    List<String> differing(Collection<String> services, String target) {
        var names = new ArrayList<String>();
        for (var service : services) {
            var here = sealed(service);
            var there = closed(target, service);
            if (here.sameContentAs(there)) {
                continue;
            }
            var classes = new TreeSet<>(here.classes().keySet());
            classes.addAll(there.classes().keySet());
            classes.removeIf(name -> java.util.Objects.equals(
                    here.classes().get(name), there.classes().get(name)));
            classes.forEach(name -> names.add(service + "/" + name));
        }
        return names;
    }

    private Map<String, Long> required(String service) {
        return service.equals(LEDGERS)
                ? null
                : acks.at(source, LEDGERS, FenceMode.FROZEN, epoch)
                        .map(a -> a.manifest().projections())
                        .orElse(null);
    }

    private Manifest sealed(String service) {
        return frozen(service).manifest();
    }

    private boolean awaited(String service) {
        return Boolean.TRUE.equals(frozen(service).awaitsClose());
    }

    private FenceAck frozen(String service) {
        return acks.at(source, service, FenceMode.FROZEN, epoch).orElseThrow();
    }

    private Manifest closed(String target, String service) {
        return acks.at(target, service, FenceMode.CLOSED, epoch).orElseThrow().manifest();
    }
}
