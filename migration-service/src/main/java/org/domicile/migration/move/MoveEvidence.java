package org.domicile.migration.move;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.domicile.migration.ack.Acks;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.verify.Verification;

/** What the acks of one move prove. */
public record MoveEvidence(Move move, Acks acks) {
    /** Time between FROZEN at the source and OWN at the target, by service, as far as both are known. */
    public SortedMap<String, Duration> writePauses(Collection<String> services) {
        var pauses = new TreeMap<String, Duration>();
        for (var service : services) {
            frozen(service).ifPresent(frozen -> owned(service)
                    .ifPresent(own -> pauses.put(service, Duration.between(frozen.at(), own.at()))));
        }
        return pauses;
    }

    /** The longest pause of the account's services, once all are known. */
    public Optional<Duration> writePause(Collection<String> services) {
        var pauses = writePauses(services);
        return pauses.size() == services.size() ? pauses.values().stream().max(Duration::compareTo) : Optional.empty();
    }

    /** {@code service/class} → what the target recomputed after closing, equal to what the source sealed. */
    public SortedMap<String, ClassDigest> digests(Collection<String> services) {
        var digests = new TreeMap<String, ClassDigest>();
        for (var service : services) {
            classes(service).forEach((name, digest) -> digests.put(service + "/" + name, digest));
        }
        return digests;
    }

    public Map<String, ClassDigest> classes(String service) {
        return closed(service)
                .map(ack -> (Map<String, ClassDigest>) ack.manifest().classes())
                .orElse(Map.of());
    }

    /** What was not the same at both ends, once both have reported; empty if all was. */
    public List<Difference> differences(Collection<String> services) {
        return services.stream()
                .flatMap(service -> frozen(service).filter(ack -> ack.manifest() != null).stream()
                        .flatMap(here -> closed(service).stream()
                                .flatMap(there -> differences(service, here.manifest(), there.manifest()))))
                .toList();
    }

    private static Stream<Difference> differences(String service, Manifest here, Manifest there) {
        var names = new TreeSet<>(here.classes().keySet());
        names.addAll(there.classes().keySet());
        return names.stream()
                .filter(name -> !Objects.equals(
                        here.classes().get(name), there.classes().get(name)))
                .map(name -> Difference.of(
                        service, name, here.classes().get(name), there.classes().get(name)));
    }

    public Optional<FenceAck> copying(String service) {
        return acks.at(move.target(), service, FenceMode.SHADOW, move.shadowEpoch());
    }

    public Optional<FenceAck> frozen(String service) {
        return acks.at(move.source(), service, FenceMode.FROZEN, move.fenceEpoch());
    }

    public Optional<FenceAck> closed(String service) {
        return acks.at(move.target(), service, FenceMode.CLOSED, move.fenceEpoch())
                .filter(ack -> ack.manifest() != null);
    }

    /** What the verifier found when the copy at the target had caught up. */
    public Optional<Verification> verified(String service) {
        return copying(service).map(FenceAck::verification);
    }

    /** What it found when both were compared before the purge; that follows at the next epoch. */
    public Optional<Verification> checked(String service) {
        return acks.at(move.source(), service, FenceMode.SHADOW, move.endEpoch() - 1)
                .filter(ack -> move.homeEpoch() > 0)
                .map(FenceAck::verification);
    }

    /** The latest comparison that did not end in equal, if the move ended or is held because of one. */
    public Optional<Verification> contradiction(String service) {
        return Stream.concat(
                        closed(service).stream(),
                        acks.all().stream()
                                .filter(ack -> ack.mode() == FenceMode.SHADOW
                                        && ack.service().equals(service)))
                .filter(ack -> ack.epoch() >= move.shadowEpoch() && ack.contradicted())
                .max(Comparator.comparingLong(FenceAck::epoch))
                .map(FenceAck::verification);
    }

    public Optional<FenceAck> owned(String service) {
        return acks.at(move.target(), service, FenceMode.OWN, move.homeEpoch());
    }

    /** The region that is emptied at the end: the source after a move, the target after an abort. */
    public String purgedRegion() {
        return move.homeEpoch() > 0 ? move.source() : move.target();
    }

    public Optional<FenceAck> purged(String service) {
        return acks.at(purgedRegion(), service, FenceMode.NONE, move.endEpoch());
    }
}
