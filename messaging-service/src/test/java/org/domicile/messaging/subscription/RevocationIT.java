package org.domicile.messaging.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a revoked device's endpoints and messages; the look through all devices is called here, its own turn comes much later. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class RevocationIT {
    private static final List<String> OF_A_DEVICE = List.of("message", "inbox", "subscription", "user_agent");

    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    @Inject
    Pool pool;

    @Inject
    Revocation revocation;

    private Sender sender;
    private TestDevice lost;
    private TestDevice kept;

    @BeforeEach
    void account() {
        sender = new Sender(service);
        lost = accounts.open();
        kept = accounts.device(lost.account());
        accounts.devices(lost.account(), lost, kept);
    }

    @Test
    void with_the_news_of_its_revocation_all_of_a_device_goes_and_its_senders_are_told() {
        var gone = used(lost);
        var stays = used(kept);

        accounts.devices(lost.account(), kept);

        OF_A_DEVICE.forEach(table -> accounts.awaitRows(table, lost.account(), 1));
        assertEquals(404, sender.wake(gone, 60).statusCode());
        assertEquals(201, sender.wake(stays, 60).statusCode());
        assertEquals(List.of(410), settled());
    }

    @Test
    void what_a_crash_has_left_is_found_by_the_look_through_all_devices() {
        var gone = used(lost);
        var stays = used(kept);
        projected(kept);
        assertEquals(201, sender.wake(gone, 60).statusCode(), "nobody was told");

        revocation.look().await().indefinitely();
        // more than one account may be behind the last one that was looked at
        revocation.look().await().indefinitely();

        assertEquals(404, sender.wake(gone, 60).statusCode());
        assertEquals(201, sender.wake(stays, 60).statusCode());
        assertEquals(1, accounts.rows("user_agent", lost.account()));
        assertEquals(List.of(410), settled());
    }

    @Test
    void an_account_that_is_not_at_home_or_whose_devices_are_not_known_is_left_alone() {
        var stays = used(lost);
        accounts.query(
                "delete from device_projection where account_id = $1",
                lost.account().value());
        revocation.look().await().indefinitely();
        revocation.look().await().indefinitely();
        assertEquals(201, sender.wake(stays, 60).statusCode());

        projected(kept);
        accounts.fence(lost.account(), "SHADOW");
        revocation.look().await().indefinitely();
        revocation.look().await().indefinitely();
        assertEquals(1, accounts.rows("subscription", lost.account()));
    }

    @Test
    void a_device_that_was_revoked_just_now_registers_nothing() {
        try (var client = AutopushClient.connect(service, lost)) {
            projected(kept);
            assertEquals(401, client.register(UUID.randomUUID(), null).getInteger("status"));
            assertEquals(0, accounts.rows("subscription", lost.account()));
        }
    }

    /** With a subscription, an inbox, and a message that waits and whose sender wants a receipt. @return its endpoint */
    private String used(TestDevice device) {
        String endpoint;
        try (var client = AutopushClient.connect(service, device)) {
            endpoint = client.register();
        }
        accounts.query(
                "insert into inbox (account_id, device_id, channel_id, endpoint, p256dh, auth_secret, version)"
                        + " values ($1, $2, gen_random_uuid(), '', '', '', 1)",
                device.account().value(),
                device.id().value());
        var headers = Map.of("TTL", "60", "Prefer", "respond-async");
        assertEquals(202, sender.post(endpoint, new byte[0], headers).statusCode());
        return endpoint;
    }

    /** As an instance leaves it that dies before it acts on the news. */
    private void projected(TestDevice only) {
        accounts.query(
                "insert into device_projection (account_id, version, epoch, devices) values ($1, 1000000, 1,"
                        + " jsonb_build_array(jsonb_build_object('deviceId', $2::text))) on conflict (account_id) do"
                        + " update set devices = excluded.devices",
                only.account().value(),
                only.id().value());
    }

    private List<Integer> settled() {
        var statuses = new ArrayList<Integer>();
        pool.preparedQuery("select status from receipt where account_id = $1 and status is not null")
                .executeAndAwait(Tuple.of(lost.account().value()))
                .forEach(row -> statuses.add(row.getInteger("status")));
        return statuses;
    }
}
