package org.domicile.migration.move;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.verify.Verification;

/**
 * A move as its operator or owner sees it.
 *
 * @param epoch of the account's directory row here
 * @param reached the epoch that the home's services have reached: to its owner the answer's {@code Domicile-Epoch}
 * @param settled nothing is outstanding any more
 * @param deadline when the state is over by time alone: the fence's deadline, the soak's end
 * @param steps states entered, oldest first
 * @param services progress of each participant
 * @param writePauseMillis how long no write was taken: source FROZEN commit to target OWN commit, the longest of the
 *     services', once all are known
 * @param writePauseMicros the same, finer
 * @param records verified at the target
 * @param bytes of objects copied
 * @param left after the purge; absent until every service has reported
 * @param receipts ids of the receipts issued so far, the oldest first
 * @param receiptSalts receipt id → base64url; with it the receipt's commitment names the account
 * @param rollbackOf the move that this one undoes
 * @param differences classes of data that were not the same at both ends, when the move was quarantined
 * @param continuedAt at the source after the cut-over: the base URL of the migration-service that goes on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MoveView(
        UUID id,
        AccountId accountId,
        String from,
        String to,
        MoveState state,
        String reason,
        long epoch,
        @JsonIgnore long reached,
        boolean settled,
        String requestedBy,
        Instant createdAt,
        Instant deadline,
        List<MoveStep> steps,
        List<Service> services,
        Long writePauseMillis,
        Long writePauseMicros,
        long records,
        long bytes,
        FenceAck.Left left,
        List<UUID> receipts,
        Map<UUID, String> receiptSalts,
        UUID rollbackOf,
        List<Difference> differences,
        URI continuedAt) {

    /**
     * One participant.
     *
     * @param source its mode at the source, as last reported
     * @param target its mode at the target
     * @param progress of the copy
     * @param verified what came out when both sides were last enumerated and compared; {@code upTo} says up to which version
     * @param differing of a move that is quarantined or held: the records that differ, by their keys
     * @param digests class of data → what the target holds, equal to what the source sealed
     * @param frozenAt when the source was frozen
     * @param closedAt when the target was closed
     * @param ownAt when the target took writes
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Service(
            String service,
            FenceMode source,
            FenceMode target,
            FenceAck.Progress progress,
            Map<String, ClassDigest> digests,
            Instant frozenAt,
            Instant closedAt,
            Instant ownAt,
            Long writePauseMillis,
            Long writePauseMicros,
            FenceAck.Left left,
            Verification verified,
            Verification differing,
            String trouble) {}

    public static MoveView of(
            MoveEvidence evidence,
            long epoch,
            long reached,
            Collection<String> participants,
            List<MoveStep> steps,
            SortedMap<UUID, String> receiptSalts,
            URI continuedAt) {
        var move = evidence.move();
        var services = participants.stream().map(s -> service(evidence, s)).toList();
        var pause = evidence.writePause(participants).orElse(null);
        return new MoveView(
                move.id(),
                move.account(),
                move.source(),
                move.target(),
                move.state(),
                move.reason(),
                epoch,
                reached,
                move.settled(),
                move.requestedBy(),
                move.createdAt(),
                move.deadline(),
                steps,
                services,
                millis(pause),
                micros(pause),
                evidence.digests(participants).values().stream()
                        .mapToLong(ClassDigest::count)
                        .sum(),
                services.stream()
                        .filter(s -> s.progress() != null)
                        .mapToLong(s -> s.progress().bytes())
                        .sum(),
                left(services),
                List.copyOf(receiptSalts.keySet()),
                receiptSalts,
                move.rollbackOf(),
                evidence.differences(participants),
                continuedAt);
    }

    private static Service service(MoveEvidence evidence, String service) {
        var move = evidence.move();
        var source = evidence.acks().latest(move.source(), service);
        var target = evidence.acks().latest(move.target(), service);
        var pause = evidence.writePauses(List.of(service)).get(service);
        return new Service(
                service,
                source.map(FenceAck::mode).orElse(null),
                target.map(FenceAck::mode).orElse(null),
                evidence.copying(service).map(FenceAck::progress).orElse(null),
                evidence.classes(service),
                evidence.frozen(service).map(FenceAck::at).orElse(null),
                evidence.closed(service).map(FenceAck::at).orElse(null),
                evidence.owned(service).map(FenceAck::at).orElse(null),
                millis(pause),
                micros(pause),
                evidence.purged(service).map(FenceAck::left).orElse(null),
                evidence.checked(service).or(() -> evidence.verified(service)).orElse(null),
                evidence.contradiction(service).orElse(null),
                target.map(FenceAck::trouble)
                        .or(() -> source.map(FenceAck::trouble))
                        .orElse(null));
    }

    private static Long millis(Duration pause) {
        return pause == null ? null : pause.toMillis();
    }

    private static Long micros(Duration pause) {
        return pause == null ? null : pause.toNanos() / 1_000;
    }

    private static FenceAck.Left left(List<Service> services) {
        if (services.stream().anyMatch(s -> s.left() == null)) {
            return null;
        }
        return new FenceAck.Left(
                services.stream().mapToLong(s -> s.left().rows()).sum(),
                services.stream().mapToLong(s -> s.left().objects()).sum());
    }
}
