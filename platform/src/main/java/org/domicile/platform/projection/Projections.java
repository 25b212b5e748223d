package org.domicile.platform.projection;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.ConsentChanged;
import org.domicile.platform.consent.ConsentConfig;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.device.DevicesChanged;
import org.domicile.platform.event.Consumption;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps this service's projections of the consent ledger and of the devices; on where {@code domicile.projections=true}. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.projections", stringValue = "true")
public class Projections {
    private static final String CONSENTS = "consent_projection";
    private static final String DEVICES = "device_projection";

    private final StateProjection consents;
    private final StateProjection devices;
    private final ConsentConfig config;
    private final Event<ConsentChanged> consentChanged;
    private final Event<DevicesChanged> devicesChanged;
    private final Clock clock;
    private final Timer lag;

    @Inject
    public Projections(
            Pool pool,
            ConsentConfig config,
            Event<ConsentChanged> consentChanged,
            Event<DevicesChanged> devicesChanged,
            Clock clock,
            MeterRegistry metrics) {
        this.config = config;
        this.consents = new StateProjection(pool, CONSENTS, "features");
        this.devices = new StateProjection(pool, DEVICES, "devices");
        this.consentChanged = consentChanged;
        this.devicesChanged = devicesChanged;
        this.clock = clock;
        this.lag = Timer.builder("domicile.consent.lag")
                .description("From an owner's decision until this service acts by it")
                .publishPercentileHistogram()
                .register(metrics);
    }

    /** The first look at the metrics comes before the first event. */
    void start(@Observes StartupEvent event) {
        lag.takeSnapshot();
    }

    @Incoming("consent-state")
    public Uni<Void> onConsentState(ConsumerRecord<String, String> record) {
        return Consumption.of(record, event -> consents.apply(event.data())
                .invoke(changed -> {
                    if (changed) {
                        lag.record(Duration.between(event.time(), clock.instant()));
                        consentChanged.fireAsync(consentChanged(event.data()));
                    }
                })
                .replaceWithVoid());
    }

    @Incoming("device-state")
    public Uni<Void> onDeviceState(ConsumerRecord<String, String> record) {
        return Consumption.of(record, event -> devices.apply(event.data())
                .invoke(changed -> {
                    if (changed) {
                        devicesChanged.fireAsync(devicesChanged(event.data()));
                    }
                })
                .replaceWithVoid());
    }

    /** The ledger versions that an account's projections stand at: {@code consent}, {@code device}. */
    public static Uni<SortedMap<String, Long>> versions(SqlClient client, AccountId account) {
        return StateProjection.version(client, CONSENTS, account)
                .flatMap(consent -> StateProjection.version(client, DEVICES, account)
                        .map(device -> {
                            var versions = new TreeMap<String, Long>();
                            versions.put("consent", consent);
                            versions.put("device", device);
                            return versions;
                        }));
    }

    /** Drops what is projected of an account that leaves this region for good. */
    public static Uni<Void> purge(SqlConnection connection, AccountId account) {
        var tuple = Tuple.of(account.value());
        return connection
                .preparedQuery("delete from consent_projection where account_id = $1")
                .execute(tuple)
                .flatMap(r -> connection
                        .preparedQuery("delete from device_projection where account_id = $1")
                        .execute(tuple))
                .replaceWithVoid();
    }

    private ConsentChanged consentChanged(JsonObject data) {
        var granted = EnumSet.noneOf(Feature.class);
        JsonObject features = data.getJsonObject("features");
        for (var feature : Feature.values()) {
            var state = features.getJsonObject(feature.id());
            if (state != null
                    && state.getBoolean("granted", false)
                    && config.isInForce(state.getString("policyVersion"))) {
                granted.add(feature);
            }
        }
        return new ConsentChanged(AccountId.parse(data.getString("accountId")), granted);
    }

    private static DevicesChanged devicesChanged(JsonObject data) {
        JsonArray devices = data.getJsonArray("devices");
        Set<DeviceId> ids = IntStream.range(0, devices.size())
                .mapToObj(i -> DeviceId.parse(devices.getJsonObject(i).getString("deviceId")))
                .collect(Collectors.toUnmodifiableSet());
        return new DevicesChanged(AccountId.parse(data.getString("accountId")), ids);
    }
}
