package org.domicile.platform.device;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.IntStream;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.LateNews;

/** Checks device credentials against this service's projection of {@code device.state}; only the home region has one. */
@ApplicationScoped
public class Devices {
    private static final int LOOKS = 10;
    private static final int SECRET_BYTES = 32;

    private final Pool pool;
    private final DeviceUse use;

    @Inject
    public Devices(Pool pool, DeviceUse use) {
        this.pool = pool;
        this.use = use;
    }

    /**
     * A device added a moment ago may not be projected here yet: one that is not known is looked for again for a second before it is
     * refused.
     *
     * @return fails with UNAUTHORIZED (401) for an unknown or revoked device and for a wrong secret alike
     */
    public Uni<Device> authenticate(DeviceId id, String secret) {
        return LateNews.expect(() -> find(id), Optional::isPresent, LOOKS)
                .map(found -> found.filter(device -> matches(device, secret))
                        .map(device -> new Device(id, id.accountId(), device.getBoolean("appendOnly", false)))
                        .orElseThrow(Devices::refused))
                .invoke(device -> use.seen(device.account()));
    }

    private Uni<Optional<JsonObject>> find(DeviceId id) {
        return pool.preparedQuery("select devices from device_projection where account_id = $1")
                .execute(Tuple.of(id.accountId().value()))
                .map(rows -> rows.size() == 0
                        ? new JsonArray()
                        : (JsonArray) rows.iterator().next().getValue("devices"))
                .map(devices -> IntStream.range(0, devices.size())
                        .mapToObj(devices::getJsonObject)
                        .filter(device -> device.getString("deviceId").equals(id.value()))
                        .findFirst());
    }

    /**
     * A new secret of 256 bits, as 64 hexadecimal digits: stock clients are given it on a command line, where a value that begins with
     * {@code -}, as base64url may, would be taken for an option.
     */
    public static String newSecret(SecureRandom random) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Hex SHA-256 of the secret's text: what {@code device.state} carries. */
    public static String digest(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean matches(JsonObject device, String secret) {
        return MessageDigest.isEqual(
                device.getString("secretSha256").getBytes(US_ASCII),
                digest(secret).getBytes(US_ASCII));
    }

    private static ProblemException refused() {
        return new ProblemException(
                ErrorCode.UNAUTHORIZED, "Use the id and secret of a device that has not been revoked.");
    }
}
