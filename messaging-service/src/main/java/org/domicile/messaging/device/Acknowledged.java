package org.domicile.messaging.device;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.domicile.messaging.queue.MessageQueue;
import org.domicile.messaging.receipt.ReceiptStatus;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * What a device has acknowledged on one connection, until it is deleted: one transaction at a time, acknowledgements that come meanwhile
 * share the next. It goes on when the connection has ended. All methods run on the connection's event loop, but {@link #oldest}.
 */
final class Acknowledged {
    private static final long RETRY_MILLIS = 1_000;

    private final DeviceId device;
    private final Connection connection;
    private final MessageQueue queue;
    private final AckMetrics metrics;
    private final Clock clock;
    private final Listener listener;
    private final Map<UUID, Ack> pending = new ConcurrentHashMap<>();
    private boolean deleting;

    private record Ack(ReceiptStatus receipt, Instant at) {}

    /** What becomes of the messages. */
    interface Listener {
        void deleted(Collection<UUID> ids);

        /** They are not here any more. */
        void elsewhere(ProblemException why);
    }

    Acknowledged(
            DeviceId device,
            Connection connection,
            MessageQueue queue,
            AckMetrics metrics,
            Clock clock,
            Listener listener) {
        this.device = device;
        this.connection = connection;
        this.queue = queue;
        this.metrics = metrics;
        this.clock = clock;
        this.listener = listener;
    }

    void add(UUID id, AckCode code) {
        pending.put(id, new Ack(code.receipt(), clock.instant()));
        metrics.count(code);
        metrics.owes(this);
    }

    void delete() {
        if (deleting || pending.isEmpty()) {
            return;
        }
        deleting = true;
        var batch = new HashMap<UUID, ReceiptStatus>();
        pending.forEach((id, ack) -> batch.put(id, ack.receipt()));
        queue.taken(device, batch)
                .emitOn(connection::execute)
                .subscribe()
                .with(done -> deleted(batch.keySet()), this::failed);
    }

    /** When the first of what is not deleted yet was acknowledged; from any thread. */
    Optional<Instant> oldest() {
        return pending.values().stream().map(Ack::at).min(Comparator.naturalOrder());
    }

    private void deleted(Collection<UUID> ids) {
        deleting = false;
        forget(ids);
        listener.deleted(ids);
        delete();
    }

    private void failed(Throwable failure) {
        deleting = false;
        if (failure instanceof ProblemException problem && isElsewhere(problem.code())) {
            forget(List.copyOf(pending.keySet()));
            listener.elsewhere(problem);
        } else {
            connection.executeAfter(RETRY_MILLIS, this::delete);
        }
    }

    private void forget(Collection<UUID> ids) {
        ids.forEach(pending::remove);
        if (pending.isEmpty()) {
            metrics.settled(this);
        }
    }

    private static boolean isElsewhere(ErrorCode code) {
        return code == ErrorCode.WRONG_REGION || code == ErrorCode.NOT_FOUND;
    }
}
