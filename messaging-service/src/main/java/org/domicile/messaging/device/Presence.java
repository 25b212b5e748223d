package org.domicile.messaging.device;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.domicile.messaging.device.PresenceStore.Ended;
import org.domicile.messaging.device.PresenceStore.Entered;
import org.domicile.messaging.instance.Instance;
import org.domicile.messaging.instance.WakeUps;
import org.domicile.messaging.queue.Message;
import org.domicile.messaging.queue.OnlineDevices;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.ConsentChanged;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.device.DevicesChanged;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.jboss.logging.Logger;

/** The connections of this process, one a device; it ends those that may no longer be, here and, by an event, everywhere. */
@ApplicationScoped
public class Presence implements OnlineDevices {
    private static final Logger LOG = Logger.getLogger(Presence.class);
    private static final int BATCH = 1_000;

    private final ConcurrentMap<DeviceId, DeviceSession> sessions = new ConcurrentHashMap<>();
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final PresenceStore store;
    private final Admission admission;
    private final WakeUps wakeUps;
    private volatile boolean stopping;

    @Inject
    public Presence(MeterRegistry metrics, PresenceStore store, Admission admission, WakeUps wakeUps) {
        this.store = store;
        this.admission = admission;
        this.wakeUps = wakeUps;
        metrics.gaugeMapSize("domicile.messaging.connections", List.of(), sessions);
    }

    Presence() {
        this.store = null;
        this.admission = null;
        this.wakeUps = null;
    }

    @Override
    public void offer(Message message, Optional<UUID> before) {
        var session = sessions.get(message.device());
        if (session != null) {
            session.offer(message, before);
        }
    }

    @Override
    public Uni<Boolean> deliver(Message message) {
        var session = sessions.get(message.device());
        return session == null ? Uni.createFrom().item(false) : session.deliver(message);
    }

    /** Makes the session the device's only one. */
    void enter(DeviceSession session) {
        var before = sessions.put(session.device(), session);
        if (before != null) {
            before.end(CloseReason.REPLACED);
        }
    }

    /** The row stays while a newer connection of the device is here: it is that one's, whichever of the two has written it last. */
    void leave(DeviceSession session) {
        if (sessions.remove(session.device(), session) && session.connection() > 0) {
            ended.add(new Ended(session.device(), session.connection()));
        }
    }

    /**
     * Makes a connection of the device known to all instances. The one that is here when that is done, if any is still, owns the row.
     *
     * @return fails with UNAVAILABLE if the account does not live here
     */
    Uni<Entered> announce(DeviceId device) {
        return store.enter(device)
                .map(found -> found.orElseThrow(Presence::notHere))
                .invoke(entered -> {
                    var owner = sessions.computeIfPresent(device, (id, session) -> {
                        session.numbered(entered.connection());
                        return session;
                    });
                    if (owner == null) {
                        ended.add(new Ended(device, entered.connection()));
                    }
                });
    }

    /** Whether the process was told to end: devices connect elsewhere. */
    boolean isStopping() {
        return stopping;
    }

    /** Another instance has accepted a message for the device, or, with a number, has a newer connection of it. */
    void wake(DeviceId device, long connection) {
        var session = sessions.get(device);
        if (session != null) {
            session.wake(connection);
        }
    }

    /** Wake-ups may have been missed. */
    void wakeAll() {
        sessions.values().forEach(session -> session.wake(0));
    }

    /** Ends the account's connections that may no longer be; one of which that cannot be told must connect again. */
    void lookAgain(AccountId account) {
        sessions.values().stream().filter(of(account)).forEach(session -> admission
                .refusal(session.credential())
                .subscribe()
                .with(refusal -> refusal.ifPresent(session::end), failure -> session.end(CloseReason.UNAVAILABLE)));
    }

    /** The account is leaving this region: its devices reconnect, and are relayed. */
    public Uni<Void> endAll(AccountId account) {
        end(of(account), CloseReason.MOVED);
        return wakeUps.changed(account);
    }

    void onConsent(@ObservesAsync ConsentChanged changed) {
        if (!changed.granted().contains(Feature.MESSAGING)) {
            end(of(changed.account()), CloseReason.CONSENT_WITHDRAWN);
            tell(changed.account());
        }
    }

    void onDevices(@ObservesAsync DevicesChanged changed) {
        end(of(changed.account()).and(s -> !changed.devices().contains(s.device())), CloseReason.REVOKED);
        tell(changed.account());
    }

    /** The others no longer know what is connected here: the devices connect again. */
    void onForgotten(@ObservesAsync Instance.Forgotten event) {
        end(s -> s.connection() > 0, CloseReason.STOPPING);
    }

    /** The process was told to end and finishes what it has begun; sockets would never be finished. */
    void onStopping(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
        end(s -> true, CloseReason.STOPPING);
    }

    /** Also those that were being opened just then. */
    void onStop(@Observes ShutdownEvent event) {
        end(s -> true, CloseReason.STOPPING);
    }

    @Scheduled(every = "${domicile.messaging.sweep-every:10s}")
    void sweep() {
        sessions.values().forEach(DeviceSession::sweep);
    }

    @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> forgetEnded() {
        var batch = new ArrayList<Ended>();
        while (batch.size() < BATCH && !ended.isEmpty()) {
            batch.add(ended.poll());
        }
        return batch.isEmpty()
                ? Uni.createFrom().voidItem()
                : store.leave(batch)
                        .onFailure()
                        .invoke(failure -> {
                            LOG.warnf("ended connections not forgotten, will retry reason=%s", failure);
                            ended.addAll(batch);
                        })
                        .onFailure()
                        .recoverWithNull();
    }

    private static ProblemException notHere() {
        return new ProblemException(ErrorCode.UNAVAILABLE, "The account is not known here yet: connect again.");
    }

    private void tell(AccountId account) {
        wakeUps.changed(account)
                .subscribe()
                .with(
                        told -> {},
                        failure -> LOG.warnf("other instances not told account=%s reason=%s", account, failure));
    }

    private void end(Predicate<DeviceSession> which, CloseReason reason) {
        sessions.values().stream().filter(which).forEach(session -> session.end(reason));
    }

    private static Predicate<DeviceSession> of(AccountId account) {
        return session -> session.device().accountId().equals(account);
    }
}
