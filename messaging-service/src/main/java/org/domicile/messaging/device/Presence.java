package org.domicile.messaging.device;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.domicile.messaging.queue.Message;
import org.domicile.messaging.queue.OnlineDevices;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.ConsentChanged;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.device.DevicesChanged;

/** The connections of this process, one a device; it ends those that may no longer be. */
@ApplicationScoped
public class Presence implements OnlineDevices {
    private final ConcurrentMap<DeviceId, DeviceSession> sessions = new ConcurrentHashMap<>();

    @Inject
    public Presence(MeterRegistry metrics) {
        metrics.gaugeMapSize("domicile.messaging.connections", List.of(), sessions);
    }

    Presence() {}

    @Override
    public boolean offer(Message message) {
        var session = sessions.get(message.device());
        if (session != null) {
            session.offer(message);
        }
        return session != null;
    }

    /** Makes the session the device's only one. */
    void enter(DeviceSession session) {
        var before = sessions.put(session.device(), session);
        if (before != null) {
            before.end(CloseReason.REPLACED);
        }
    }

    void leave(DeviceSession session) {
        sessions.remove(session.device(), session);
    }

    int size() {
        return sessions.size();
    }

    /** The account is leaving this region: its devices reconnect, and are relayed. */
    public void endAll(AccountId account) {
        end(session -> session.device().accountId().equals(account), CloseReason.MOVED);
    }

    void onConsent(@ObservesAsync ConsentChanged changed) {
        if (!changed.granted().contains(Feature.MESSAGING)) {
            end(s -> s.device().accountId().equals(changed.account()), CloseReason.CONSENT_WITHDRAWN);
        }
    }

    void onDevices(@ObservesAsync DevicesChanged changed) {
        end(
                s -> s.device().accountId().equals(changed.account())
                        && !changed.devices().contains(s.device()),
                CloseReason.REVOKED);
    }

    void onStop(@Observes ShutdownEvent event) {
        end(s -> true, CloseReason.STOPPING);
    }

    @Scheduled(every = "${domicile.messaging.sweep-every:10s}")
    void sweep() {
        sessions.values().forEach(DeviceSession::sweep);
    }

    private void end(Predicate<DeviceSession> which, CloseReason reason) {
        sessions.values().stream().filter(which).forEach(session -> session.end(reason));
    }
}
