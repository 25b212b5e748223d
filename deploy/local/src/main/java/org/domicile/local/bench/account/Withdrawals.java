package org.domicile.local.bench.account;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;

/**
 * Owners switch messaging off, so many a second, on a running stack: how long after the owner asked does the last service know, and
 * when is the device's socket closed?
 */
final class Withdrawals {
    private static final String POLICY = "2026-01";
    private static final String FEATURE = "messaging";
    private static final int CLIENTS = 16;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final HttpClient http;
    private final String url;
    private final StackDescription.Region region;
    private final LocalIssuer issuer;

    Withdrawals(HttpClient http, String url, StackDescription.Region region, LocalIssuer issuer) {
        this.http = http;
        this.url = url;
        this.region = region;
        this.issuer = issuer;
    }

    /**
     * @param perSecond withdrawals a second, as ordered and as it was
     * @param answer the owner's own wait: p50 and p99, milliseconds, as are the others
     * @param projected from the request until every service's projection says off
     * @param closed from the request until the socket was closed
     */
    record Result(
            int withdrawals,
            double[] perSecond,
            double[] answer,
            Map<String, double[]> projected,
            int sockets,
            double[] closed) {
        static final double BAR_MILLIS = 1_000;
    }

    /** Both features on, as owners do it. */
    void grant(List<UUID> accounts, IntConsumer progress) throws InterruptedException {
        var done = new java.util.concurrent.atomic.AtomicInteger();
        each(accounts, account -> {
            set(account, "backup", true);
            set(account, FEATURE, true);
            progress.accept(done.incrementAndGet());
        });
    }

    /** Until both services know that it is on. */
    void awaitGranted(List<UUID> accounts) throws SQLException {
        var end = System.nanoTime() + 10 * PATIENCE_NANOS;
        for (var service : List.of("backup", FEATURE)) {
            try (var connection = SeededAccounts.connect(region, service);
                    var query = connection.prepareStatement(
                            "select count(*) from consent_projection" + " where account_id = any(?) and (features -> '"
                                    + FEATURE + "' ->> 'granted')::boolean")) {
                query.setArray(1, connection.createArrayOf("uuid", accounts.toArray()));
                while (true) {
                    try (var rows = query.executeQuery()) {
                        rows.next();
                        if (rows.getInt(1) == accounts.size()) {
                            break;
                        }
                    }
                    if (System.nanoTime() > end) {
                        throw new LocalFailure("The " + service + " service does not learn the consents.");
                    }
                    LockSupport.parkNanos(100_000_000);
                }
            }
        }
    }

    /** @param sockets account → when its socket was closed ({@link System#nanoTime}) */
    Result withdraw(List<UUID> accounts, int perSecond, Map<UUID, CompletableFuture<Long>> sockets)
            throws InterruptedException, SQLException {
        var asked = new ConcurrentHashMap<UUID, Long>();
        var waits = java.util.Collections.synchronizedList(new ArrayList<Double>());
        var watches = Map.of(
                "backup",
                new WithdrawalWatch(SeededAccounts.connect(region, "backup"), FEATURE),
                FEATURE,
                new WithdrawalWatch(SeededAccounts.connect(region, FEATURE), FEATURE));
        var begin = System.nanoTime();
        var room = new Semaphore(4 * CLIENTS);
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < accounts.size(); i++) {
                LockSupport.parkNanos(begin + i * 1_000_000_000L / perSecond - System.nanoTime());
                var account = accounts.get(i);
                var token = issuer.token(account);
                room.acquire();
                clients.submit(() -> {
                    try {
                        var sent = System.nanoTime();
                        watches.values().forEach(watch -> watch.expect(account, sent));
                        send(account, token, FEATURE, false);
                        waits.add((System.nanoTime() - sent) / 1e6);
                        asked.put(account, sent);
                    } finally {
                        room.release();
                    }
                    return null;
                });
            }
        }
        var took = (System.nanoTime() - begin) / 1e9;
        if (asked.size() < accounts.size()) {
            throw new LocalFailure(accounts.size() - asked.size() + " withdrawals were not answered with 200.");
        }
        var projected = new java.util.TreeMap<String, double[]>();
        for (var watch : watches.entrySet()) {
            projected.put(watch.getKey(), lags(watch.getValue()));
        }
        var closed = new ArrayList<Double>();
        sockets.forEach((account, closing) -> closed.add(
                (closing.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join() - asked.get(account)) / 1e6));
        return new Result(
                accounts.size(),
                new double[] {perSecond, accounts.size() / took},
                percentiles(waits),
                projected,
                closed.size(),
                percentiles(closed));
    }

    private static double[] lags(WithdrawalWatch watch) throws SQLException {
        try (watch) {
            var end = System.nanoTime() + PATIENCE_NANOS;
            while (watch.open() > 0) {
                if (System.nanoTime() > end) {
                    throw new LocalFailure(watch.open() + " withdrawals did not reach a service.");
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
        return percentiles(watch.lags());
    }

    private static double[] percentiles(List<Double> millis) {
        return millis.isEmpty()
                ? new double[] {0, 0}
                : new double[] {RankTest.percentile(millis, 50), RankTest.percentile(millis, 99)};
    }

    private interface Step {
        void take(UUID account) throws IOException, InterruptedException;
    }

    private static void each(List<UUID> accounts, Step step) throws InterruptedException {
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            var all = accounts.stream()
                    .map(account -> clients.submit(() -> {
                        step.take(account);
                        return null;
                    }))
                    .toList();
            for (var one : all) {
                one.get();
            }
        } catch (java.util.concurrent.ExecutionException e) {
            throw new LocalFailure("A consent was not taken: " + e.getCause().getMessage(), e);
        }
    }

    private void set(UUID account, String feature, boolean granted) throws IOException, InterruptedException {
        send(account, issuer.token(account), feature, granted);
    }

    private void send(UUID account, String token, String feature, boolean granted)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + "/v1/me/consents/" + feature))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .PUT(BodyPublishers.ofString("{\"granted\":" + granted + ",\"policyVersion\":\"" + POLICY + "\"}"))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "consent of " + account + " was answered with " + answer.statusCode() + ": " + answer.body());
        }
    }
}
