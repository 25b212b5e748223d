package org.domicile.outside.database;

import static org.domicile.platform.testing.TestRegions.CN;
import static org.domicile.platform.testing.TestRegions.SG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.domicile.outside.testing.Orders;
import org.domicile.outside.testing.Packaged;
import org.domicile.outside.testing.Shop;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

/** A shop whose owner allows no trigger: its application is told over HTTPS when it may write. */
class OwnersHookIT {
    private static final String TOKEN = "the hook's token";

    @Test
    void a_customer_moves_by_the_owners_own_fence() throws Exception {
        var lin = AccountId.create();
        var home = Shop.create("hook_cn", 1);
        var target = Shop.create("hook_sg", 2);
        home.customer(lin, 30);
        var peers = Packaged.Peers.of("hooked");
        try (var gate = new OwnersFence("gate-cn", TOKEN);
                var otherGate = new OwnersFence("gate-sg", TOKEN);
                var orders = new Orders("hooked");
                var here = Packaged.start(peers, CN, home.database(), "mover", settings(gate));
                var there = Packaged.start(peers, SG, target.database(), "mover", settings(otherGate))) {
            here.awaitReady();
            there.awaitReady();
            orders.home(lin, CN, CN, 1);
            orders.done(lin, CN, FenceMode.OWN, 1);
            assertEquals("OWN", gate.mode(lin));
            var written = new AtomicInteger();
            var stop = new AtomicBoolean();
            var writer = CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    if (gate.write(
                            lin, () -> home.run("insert into addresses (customer_id, lines) values (1, '{x}')"))) {
                        written.incrementAndGet();
                    }
                }
            });
            orders.order(FenceOperation.SHADOW, lin, SG, 2, 2);
            orders.done(lin, SG, FenceMode.SHADOW, 2);
            var before = written.get();
            Wait.until("writes go on", () -> written.get() > before + 3);

            orders.order(FenceOperation.FREEZE, lin, CN, 3, 2);
            var sealed = orders.manifest(lin, CN, FenceMode.FROZEN, 3);
            assertEquals("FROZEN", gate.mode(lin));
            stop.set(true);
            writer.join();
            orders.close(lin, SG, 3, 2, sealed);
            assertTrue(sealed.sameContentAs(orders.manifest(lin, SG, FenceMode.CLOSED, 3)));
            assertEquals(home.rows(lin), target.rows(lin));
            assertEquals(written.get() + 1, target.rows(lin).get("addresses").size());
            assertFalse(otherGate.write(lin, () -> {}), "the target writes before it owns");

            orders.order(FenceOperation.ACTIVATE, lin, SG, 4, 2);
            orders.order(FenceOperation.KEEP, lin, CN, 4, 2);
            orders.done(lin, SG, FenceMode.OWN, 4);
            orders.done(lin, CN, FenceMode.SHADOW, 4);
            assertEquals("OWN", otherGate.mode(lin));
            orders.order(FenceOperation.PURGE, lin, CN, 5, 2);
            var left = orders.done(lin, CN, FenceMode.NONE, 5).getJsonObject("left");
            assertEquals(0, left.getLong("rows"), left.encode());
            home.rows(lin).forEach((table, rows) -> assertEquals(0, rows.size(), table));
            assertEquals("NONE", gate.mode(lin));
        }
    }

    private static TreeMap<String, String> settings(OwnersFence gate) throws IOException {
        var settings = ShopIT.settings();
        settings.put("domicile.outside.database.fence", "hook");
        settings.put("domicile.outside.database.hook.url", gate.url().toString());
        settings.put(
                "domicile.outside.database.hook.token-file",
                Files.writeString(TestParts.folder().resolve("hook.token"), TOKEN)
                        .toString());
        settings.put(
                "domicile.outside.database.hook.ca",
                PlatformResource.authority().ca().toString());
        return settings;
    }
}
