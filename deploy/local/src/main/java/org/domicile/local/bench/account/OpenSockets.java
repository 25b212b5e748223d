package org.domicile.local.bench.account;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.domicile.local.StackDescription;

/** A device with an open connection for each of some accounts, and when the service ends it. */
final class OpenSockets {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final List<String> PROJECTIONS =
            List.of("consent_projection", "device_projection", "device_use", "fence");

    private final StackDescription.Region region;
    private final SecureRandom random = new SecureRandom();

    OpenSockets(StackDescription.Region region) {
        this.region = region;
    }

    /** Makes the accounts known to both services, as account-service's event would, and one device of each. @return account → credential */
    Map<UUID, String> introduce(List<UUID> accounts) throws SQLException {
        var credentials = new LinkedHashMap<UUID, String>();
        accounts.forEach(account -> credentials.put(account, credential(account)));
        for (var service : List.of("backup", "messaging")) {
            try (var connection = SeededAccounts.connect(region, service);
                    var fence = connection.prepareStatement(
                            "insert into fence (account_id, mode, epoch) values (?, 'OWN', 1)");
                    var device = connection.prepareStatement(
                            "insert into device_projection (account_id, version, epoch, devices) values (?, 1, 1,"
                                    + " jsonb_build_array(jsonb_build_object('deviceId', ?, 'secretSha256', ?)))")) {
                connection.setAutoCommit(false);
                for (var entry : credentials.entrySet()) {
                    var parts = entry.getValue().split("\\.");
                    fence.setObject(1, entry.getKey());
                    fence.addBatch();
                    device.setObject(1, entry.getKey());
                    device.setString(2, parts[0]);
                    device.setString(3, sha256(parts[1]));
                    device.addBatch();
                }
                fence.executeBatch();
                device.executeBatch();
                connection.commit();
            }
        }
        return credentials;
    }

    /** @return account → when its connection was closed ({@link System#nanoTime}) */
    Map<UUID, CompletableFuture<Long>> open(HttpClient http, Map<UUID, String> credentials) {
        var base = URI.create(region.messaging().replaceFirst("^http", "ws"));
        var closings = new LinkedHashMap<UUID, CompletableFuture<Long>>();
        var hellos = new ArrayList<CompletableFuture<?>>();
        credentials.forEach((account, credential) -> {
            var device = new Device();
            hellos.add(http.newWebSocketBuilder()
                    .subprotocols("push-notification")
                    .buildAsync(base.resolve("/connect/" + credential), device)
                    .thenCompose(socket ->
                            socket.sendText("{\"messageType\":\"hello\",\"uaid\":\"\",\"use_webpush\":true}", true))
                    .thenCompose(sent -> device.greeted));
            closings.put(account, device.closed);
        });
        hellos.forEach(CompletableFuture::join);
        return closings;
    }

    void forget(List<UUID> accounts) throws SQLException {
        for (var service : List.of("backup", "messaging")) {
            try (var connection = SeededAccounts.connect(region, service)) {
                SeededAccounts.forget(connection, accounts, PROJECTIONS);
                if (service.equals("messaging")) {
                    SeededAccounts.forget(connection, accounts, List.of("presence", "user_agent"));
                }
            }
        }
    }

    private static final class Device implements WebSocket.Listener {
        private final CompletableFuture<Void> greeted = new CompletableFuture<>();
        private final CompletableFuture<Long> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            greeted.complete(null);
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(System.nanoTime());
            greeted.completeExceptionally(new IOException("closed with " + status));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.complete(System.nanoTime());
            greeted.completeExceptionally(error);
        }
    }

    /** A device's id embeds its account. */
    private String credential(UUID account) {
        var id = ByteBuffer.allocate(24)
                .putLong(account.getMostSignificantBits())
                .putLong(account.getLeastSignificantBits())
                .putLong(random.nextLong());
        var secret = new byte[32];
        random.nextBytes(secret);
        return BASE64.encodeToString(id.array()) + "." + BASE64.encodeToString(secret);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
