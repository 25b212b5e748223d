package org.domicile.messaging.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.testing.CrashingPlatform;
import org.domicile.platform.testing.ErasedAccounts;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.Test;

/** This service's part of an erasure, while the database is lost before and after every commit: no row is left. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(
        value = CrashingPlatform.class,
        initArgs = @ResourceArg(name = "service", value = "messaging"),
        restrictToAnnotatedClass = true)
class ErasureCrashIT {
    /** Each step is lost twice, and has to be seen to succeed. */
    private static final int ACCOUNTS = 3;

    private static final List<String> STORED =
            List.of("user_agent", "subscription", "message", "receipt", "inbox", "discovery_budget");

    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    /** Past what is broken. */
    @Inject
    AgroalDataSource direct;

    @Test
    void an_erasure_ends_wherever_the_database_is_lost() {
        var devices = Stream.generate(this::withMessages).limit(ACCOUNTS).toList();
        var erased = new ErasedAccounts(direct, Set.of());
        devices.forEach(device -> PlatformResource.crashes().watch(device.account()));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(devices.stream()
                            .map(device -> CompletableFuture.runAsync(
                                    () -> erased.erase(device.account(), UUID.randomUUID()), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }

        assertEquals(List.of(), erased.untried(PlatformResource.crashes()), "no crash while these were emptied");
    }

    private TestDevice withMessages() {
        var device = accounts.open();
        var sender = new Sender(service);
        try (var client = AutopushClient.connect(service, device)) {
            var endpoint = client.register();
            var headers = Map.of("TTL", "600", "Prefer", "respond-async");
            assertEquals(202, sender.post(endpoint, new byte[0], headers).statusCode());
        }
        accounts.query(
                "insert into inbox (account_id, device_id, channel_id, endpoint, p256dh, auth_secret, version)"
                        + " select account_id, device_id, channel_id, 'https://localhost/push/x', '\\x04', '\\x00', 1"
                        + " from subscription where account_id = $1",
                device.account().value());
        accounts.query(
                "insert into discovery_budget (account_id, since, used, version) values ($1, now(), 1, 1)",
                device.account().value());
        for (var table : STORED) {
            assertTrue(accounts.rows(table, device.account()) > 0, table);
        }
        return device;
    }
}
