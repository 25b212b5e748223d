package org.domicile.migration.ack;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;

/**
 * What is known of an account's participants: at most one ack per region, service and epoch. The order in which acks
 * came does not matter: a question names the epoch, or asks for the highest.
 */
public record Acks(List<FenceAck> all) {
    public Acks {
        all = List.copyOf(all);
    }

    /** With this ack in the place of the one of the same region, service and epoch, unless that one was final. */
    public Acks with(FenceAck ack) {
        var others = new ArrayList<FenceAck>();
        for (var known : all) {
            if (!sameRow(known, ack)) {
                others.add(known);
            } else if (isFinal(known) && !goesOn(known, ack)) {
                return this;
            }
        }
        others.add(ack);
        return new Acks(others);
    }

    public boolean contains(FenceAck ack) {
        return all.contains(ack);
    }

    public Optional<FenceAck> at(String region, String service, FenceMode mode, long epoch) {
        return all.stream()
                .filter(a -> a.epoch() == epoch && a.mode() == mode)
                .filter(a -> a.region().equals(region) && a.service().equals(service))
                .findFirst();
    }

    /** Whether this participant has said anything of this epoch. */
    public boolean any(String region, String service, long epoch) {
        return all.stream()
                .anyMatch(a -> a.epoch() == epoch
                        && a.region().equals(region)
                        && a.service().equals(service));
    }

    public Optional<FenceAck> latest(String region, String service) {
        return all.stream()
                .filter(a -> a.region().equals(region) && a.service().equals(service))
                .max(Comparator.comparingLong(FenceAck::epoch));
    }

    /** The highest epoch that a participant of a region has reached; 0 if none has said anything. */
    public long highest(String region) {
        return all.stream()
                .filter(a -> a.region().equals(region))
                .mapToLong(FenceAck::epoch)
                .max()
                .orElse(0);
    }

    /** {@code AllAt} in AccountMove.tla, and the work of the mode is done. */
    public boolean allDone(Collection<String> services, String region, FenceMode mode, long epoch) {
        return every(services, region, mode, epoch, FenceAck::done);
    }

    public boolean every(
            Collection<String> services, String region, FenceMode mode, long epoch, Predicate<FenceAck> condition) {
        return services.stream()
                .allMatch(s -> at(region, s, mode, epoch).filter(condition).isPresent());
    }

    /** {@code All} in AccountMove.tla for OWN. */
    public boolean allOwn(Collection<String> services, String region) {
        return services.stream().allMatch(s -> owns(region, s));
    }

    public boolean owns(String region, String service) {
        return latest(region, service)
                .filter(a -> a.mode() == FenceMode.OWN && a.done())
                .isPresent();
    }

    /** Whether this participant has said last that nothing is left of the account. */
    public boolean purged(String region, String service) {
        return latest(region, service)
                .filter(a -> a.mode() == FenceMode.NONE && a.done() && nothingLeft(a))
                .isPresent();
    }

    /** Purged at this epoch, and the enumeration afterwards found nothing. */
    public boolean allEmpty(Collection<String> services, String region, long epoch) {
        return every(services, region, FenceMode.NONE, epoch, a -> a.done() && nothingLeft(a));
    }

    /** The first trouble that a participant reports in this mode and epoch: {@code service: sentence}. */
    public Optional<String> trouble(Collection<String> services, String region, FenceMode mode, long epoch) {
        return services.stream()
                .flatMap(s -> at(region, s, mode, epoch).stream())
                .filter(a -> a.trouble() != null)
                .map(a -> a.service() + " in " + a.region() + ": " + a.trouble())
                .findFirst();
    }

    /** What the verifier found to differ in this mode and epoch, by service, class and key. */
    public Optional<String> contradiction(Collection<String> services, String region, FenceMode mode, long epoch) {
        return services.stream()
                .flatMap(s -> at(region, s, mode, epoch).stream())
                .filter(FenceAck::contradicted)
                .map(a -> a.service() + " in " + a.region() + ": " + differing(a))
                .findFirst();
    }

    private static String differing(FenceAck ack) {
        return ack.verification().classes().entrySet().stream()
                .filter(of -> of.getValue().differing() > 0)
                .map(of -> of.getValue().differing() + " of " + of.getKey() + ", such as "
                        + of.getValue().sample().getFirst().key())
                .collect(Collectors.joining("; "));
    }

    private static boolean sameRow(FenceAck a, FenceAck b) {
        return a.epoch() == b.epoch()
                && a.region().equals(b.region())
                && a.service().equals(b.service());
    }

    /** A shadow goes on copying after it has caught up, and a purge that left something is done again; all else is over. */
    private static boolean isFinal(FenceAck ack) {
        return ack.done() && ack.mode() != FenceMode.SHADOW && (ack.mode() != FenceMode.NONE || nothingLeft(ack));
    }

    /** Closed for good, and a projection has come nearer to its ledger since. */
    private static boolean goesOn(FenceAck known, FenceAck ack) {
        return known.mode() == FenceMode.CLOSED
                && ack.mode() == FenceMode.CLOSED
                && ack.done()
                && known.manifest() != null
                && ack.manifest() != null
                && known.manifest().sameContentAs(ack.manifest())
                && !known.manifest().projections().equals(ack.manifest().projections())
                && known.manifest().projections().entrySet().stream()
                        .allMatch(e -> ack.manifest().projections().getOrDefault(e.getKey(), 0L) >= e.getValue());
    }

    private static boolean nothingLeft(FenceAck ack) {
        return ack.left() != null && ack.left().rows() == 0 && ack.left().objects() == 0;
    }
}
