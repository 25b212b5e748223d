package org.domicile.account.device;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.account.key.AccountKeys;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.device.Devices;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FencedWrite;

/**
 * The devices of accounts. A device's secret is stored as its SHA-256 only. A revoked device keeps a row without name, model and
 * secret, so that the state's version never falls.
 */
@ApplicationScoped
public class DeviceStore {
    static final String NAME = "device.name";
    static final String MODEL = "device.model";

    private static final int MAX_DEVICES = 50;

    private final Pool pool;
    private final AccountKeys keys;
    private final DeviceState state;
    private final SecureRandom random;
    private final Clock clock;

    @Inject
    public DeviceStore(Pool pool, AccountKeys keys, DeviceState state, SecureRandom random, Clock clock) {
        this.pool = pool;
        this.keys = keys;
        this.state = state;
        this.random = random;
        this.clock = clock;
    }

    /** @return the credential, which cannot be shown again; fails with CONFLICT (409) at the limit of devices */
    Uni<DeviceCredential> add(FencedWrite write, NewDevice device) {
        var id = DeviceId.create(write.account(), random);
        var secret = Devices.newSecret(random);
        return requireRoom(write)
                .flatMap(v -> keys.open(write.account()))
                .flatMap(cipher -> write.connection()
                        .preparedQuery("insert into device (account_id, device_id, version, name, model, secret_sha256,"
                                + " append_only, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)")
                        .execute(Tuple.from(new Object[] {
                            write.account().value(),
                            id.value(),
                            write.version(),
                            Buffer.buffer(cipher.encrypt(NAME, device.name())),
                            Buffer.buffer(cipher.encrypt(MODEL, device.model())),
                            Devices.digest(secret),
                            Boolean.TRUE.equals(device.appendOnly()),
                            now()
                        })))
                .flatMap(r -> state.publish(write.connection(), write.account(), write.epoch()))
                .replaceWith(new DeviceCredential(id.value(), secret));
    }

    Uni<List<KnownDevice>> list(AccountId account) {
        return keys.open(account).flatMap(cipher -> pool.preparedQuery(
                        "select device_id, name, model, append_only, created_at from device"
                                + " where account_id = $1 and revoked_at is null order by created_at, device_id")
                .execute(Tuple.of(account.value()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> device(row, cipher))
                        .toList()));
    }

    /** @return fails with NOT_FOUND (404) if the account has no such device */
    Uni<Void> revoke(FencedWrite write, String deviceId) {
        return write.connection()
                .preparedQuery("update device set revoked_at = $4, version = $3, name = null, model = null,"
                        + " secret_sha256 = null where account_id = $1 and device_id = $2 and revoked_at is null")
                .execute(Tuple.of(write.account().value(), deviceId, write.version(), now()))
                .flatMap(rows -> rows.rowCount() == 0
                        ? Uni.createFrom()
                                .failure(new ProblemException(ErrorCode.NOT_FOUND, "There is no such device."))
                        : state.publish(write.connection(), write.account(), write.epoch()));
    }

    private Uni<Void> requireRoom(FencedWrite write) {
        return write.connection()
                .preparedQuery("select count(*) as count from device where account_id = $1 and revoked_at is null")
                .execute(Tuple.of(write.account().value()))
                .invoke(rows -> {
                    if (rows.iterator().next().getLong("count") >= MAX_DEVICES) {
                        throw new ProblemException(
                                ErrorCode.CONFLICT,
                                "An account has at most " + MAX_DEVICES + " devices: revoke one first.");
                    }
                })
                .replaceWithVoid();
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS).atOffset(java.time.ZoneOffset.UTC);
    }

    private static KnownDevice device(Row row, FieldCipher cipher) {
        return new KnownDevice(
                row.getString("device_id"),
                cipher.decrypt(NAME, row.getBuffer("name").getBytes()),
                cipher.decrypt(MODEL, row.getBuffer("model").getBytes()),
                row.getBoolean("append_only"),
                row.get(OffsetDateTime.class, "created_at").toInstant());
    }
}
