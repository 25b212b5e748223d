package org.domicile.messaging.device;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.domicile.messaging.subscription.DeviceCredential;
import org.domicile.platform.consent.ConsentGate;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.Devices;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Homes;

/** Whether a device may be connected here: its account lives here, it is not revoked, and messaging is switched on. */
@ApplicationScoped
public class Admission {
    private final Homes homes;
    private final Devices devices;
    private final ConsentGate gate;

    @Inject
    public Admission(Homes homes, Devices devices, ConsentGate gate) {
        this.homes = homes;
        this.devices = devices;
        this.gate = gate;
    }

    /** For a device that wants to connect; fails with UNAUTHORIZED or CONSENT_REQUIRED. */
    Uni<Void> require(DeviceCredential credential) {
        var device = credential.device();
        return devices.authenticate(device, credential.secret())
                .chain(() -> gate.grantedSoon(device.accountId(), Feature.MESSAGING))
                .invoke(granted -> {
                    if (!granted) {
                        throw ConsentGate.refusal(Feature.MESSAGING);
                    }
                })
                .replaceWithVoid();
    }

    /** For one that is connected. @return why it may be no longer */
    Uni<Optional<CloseReason>> refusal(DeviceCredential credential) {
        return homes.find(credential.device().accountId(), 0)
                .flatMap(place -> place.elsewhere().isPresent()
                        ? Uni.createFrom().item(Optional.of(CloseReason.MOVED))
                        : require(credential)
                                .replaceWith(Optional.<CloseReason>empty())
                                .onFailure(ProblemException.class)
                                .recoverWithItem(refused -> closing((ProblemException) refused)));
    }

    private static Optional<CloseReason> closing(ProblemException refused) {
        return switch (refused.code()) {
            case ErrorCode.UNAUTHORIZED -> Optional.of(CloseReason.REVOKED);
            case ErrorCode.CONSENT_REQUIRED -> Optional.of(CloseReason.CONSENT_WITHDRAWN);
            default -> throw refused;
        };
    }
}
