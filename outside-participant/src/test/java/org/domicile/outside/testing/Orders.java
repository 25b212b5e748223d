package org.domicile.outside.testing;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.TestTopics;

/** What the migration-services of both regions would order and publish, and what they would be told. */
public final class Orders implements AutoCloseable {
    private final String service;
    private final TestTopics topics = new TestTopics(TestParts.kafka(), List.of(Topics.RESIDENCY_ACKS, "dead-letters"));

    public Orders(String service) {
        this.service = service;
    }

    /** A row of the directory, signed by the home before it. */
    public void home(AccountId account, String home, String from, long epoch) {
        var row = new JsonObject()
                .put("accountId", account.toString())
                .put("home", home)
                .put("from", from)
                .put("epoch", epoch)
                .put("at", Instant.now().toString());
        topics.send(
                Topics.RESIDENCY_DIRECTORY,
                account,
                Topics.RESIDENCY_V1,
                new JsonObject().put("jws", TestRegions.sign(from, row)));
    }

    public void order(FenceOperation operation, AccountId account, String region, long epoch, long shadowEpoch) {
        order(operation, account, region, epoch, shadowEpoch, null);
    }

    public void close(AccountId account, String region, long epoch, long shadowEpoch, Manifest manifest) {
        order(FenceOperation.CLOSE, account, region, epoch, shadowEpoch, manifest);
    }

    private void order(
            FenceOperation operation,
            AccountId account,
            String region,
            long epoch,
            long shadowEpoch,
            Manifest manifest) {
        var peer = region.equals(TestRegions.CN) ? TestRegions.SG : TestRegions.CN;
        var command = new FenceCommand(
                operation, account, service, region, epoch, TestRegions.CN, peer, shadowEpoch, manifest, null);
        topics.send(
                Topics.RESIDENCY_COMMANDS,
                account,
                Topics.COMMAND_V1,
                new JsonObject().put("jws", TestRegions.sign(TestRegions.CN, JsonObject.mapFrom(command))));
    }

    /** The acknowledgement of a mode's work at an epoch. */
    public JsonObject done(AccountId account, String region, FenceMode mode, long epoch) {
        return said(account, region, mode, epoch, ack -> ack.getBoolean("done"));
    }

    public Manifest manifest(AccountId account, String region, FenceMode mode, long epoch) {
        return done(account, region, mode, epoch).getJsonObject("manifest").mapTo(Manifest.class);
    }

    /** What a participant cannot go on for. */
    public String trouble(AccountId account, String region, FenceMode mode, long epoch) {
        return said(account, region, mode, epoch, ack -> ack.getString("trouble") != null)
                .getString("trouble");
    }

    private JsonObject said(AccountId account, String region, FenceMode mode, long epoch, Predicate<JsonObject> fits) {
        return topics.await(
                Topics.RESIDENCY_ACKS,
                account,
                ack -> ack.getString("region").equals(region)
                        && ack.getString("service").equals(service)
                        && ack.getString("mode").equals(mode.name())
                        && ack.getLong("epoch") == epoch
                        && fits.test(ack));
    }

    @Override
    public void close() {
        topics.close();
    }
}
