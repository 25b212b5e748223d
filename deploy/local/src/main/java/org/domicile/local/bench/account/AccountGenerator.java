package org.domicile.local.bench.account;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.kms.LocalKms;
import org.postgresql.PGConnection;

/**
 * Loads accounts as a sign-up would leave them: each with a key of its own, wrapped by the region's, its personal fields encrypted under
 * it, and its place in the blind index. Straight into the tables of both databases ({@code COPY}). Runs with the class path of account-service, and makes
 * everything with its classes.
 */
public final class AccountGenerator {
    private static final int BATCH = 5_000;
    private static final HexFormat HEX = HexFormat.of();
    private static final Map<String, String> TABLES = Map.of(
            "account", "account (account_id, version, market, email, phone, name, locale, opened_at)",
            "identifier", "identifier (account_id, mac, index_key)",
            "fence", "fence (account_id, mode, epoch)",
            "activity", "activity (account_id, version, at)");
    private static final String KEYS = "wrapped_key (account_id, edek)";
    private static final String MARKET = "SG";
    private static final long FIRST_PHONE = 80_000_000L;

    private final LocalKms kms;
    private final String now = Instant.now().toString();

    private AccountGenerator(Path keys) {
        this.kms = new LocalKms(keys, new SecureRandom());
    }

    /** The e-mail address of the account of that number. */
    static String email(long number) {
        return "lin." + number + "@bench.example.org";
    }

    /** @param arguments a properties file: url, keys.url, user, password, kms, first, count, ids (a file, written) */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        var settings = new Properties();
        try (var in = Files.newInputStream(Path.of(arguments[0]))) {
            settings.load(in);
        }
        var generator = new AccountGenerator(Path.of(settings.getProperty("kms")));
        // once by one thread: two that ask for the first time at the same time are in each other's way
        generator.kms.generateDekPair().await().indefinitely();
        var count = Integer.parseInt(settings.getProperty("count"));
        var first = Long.parseLong(settings.getProperty("first"));
        var ids = new ArrayList<Future<List<UUID>>>();
        try (var workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (int from = 0; from < count; from += BATCH) {
                var begin = first + from;
                var size = Math.min(BATCH, count - from);
                ids.add(workers.submit(() -> {
                    try (var accounts = connect(settings, "url");
                            var keys = connect(settings, "keys.url")) {
                        return generator.load(accounts, keys, begin, size);
                    }
                }));
            }
            try (var out = Files.newBufferedWriter(Path.of(settings.getProperty("ids")))) {
                var done = 0;
                for (var batch : ids) {
                    for (var id : batch.get()) {
                        out.write(id + "\n");
                    }
                    done += batch.get().size();
                    System.out.println("PROGRESS " + done);
                }
            }
        }
    }

    private static Connection connect(Properties settings, String url) throws SQLException {
        return DriverManager.getConnection(
                settings.getProperty(url), settings.getProperty("user"), settings.getProperty("password"));
    }

    /** A key is stored before what is under it. */
    private List<UUID> load(Connection accounts, Connection keys, long first, int count)
            throws SQLException, IOException {
        var edeks = new StringBuilder();
        var copies = new LinkedHashMap<String, StringBuilder>();
        TABLES.keySet().stream().sorted().forEach(table -> copies.put(table, new StringBuilder()));
        var ids = IntStream.range(0, count)
                .mapToObj(i -> account(edeks, copies, first + i))
                .toList();
        copy(keys, KEYS, edeks);
        accounts.setAutoCommit(false);
        for (var table : copies.entrySet()) {
            copy(accounts, TABLES.get(table.getKey()), table.getValue());
        }
        accounts.commit();
        return ids;
    }

    private static void copy(Connection connection, String table, StringBuilder rows) throws SQLException, IOException {
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + table + " from stdin", new StringReader(rows.toString()));
    }

    private UUID account(StringBuilder edeks, Map<String, StringBuilder> copies, long number) {
        var id = AccountId.create().value();
        var key = kms.generateDekPair().await().indefinitely();
        var cipher = new FieldCipher(key.dek());
        var email = email(number);
        var phone = "+65" + (FIRST_PHONE + number);
        row(
                copies.get("account"),
                id,
                0,
                MARKET,
                bytes(cipher.encrypt("email", email)),
                bytes(cipher.encrypt("phone", phone)),
                bytes(cipher.encrypt("name", "Lin of Bench " + number)),
                "en-SG",
                now);
        row(edeks, id, bytes(key.edek()));
        var indexKey = kms.indexKeys().getFirst();
        row(copies.get("identifier"), id, bytes(mac("EMAIL:" + email)), indexKey);
        row(copies.get("identifier"), id, bytes(mac("PHONE:" + phone)), indexKey);
        row(copies.get("fence"), id, "OWN", 1);
        row(copies.get("activity"), id, 0, now);
        return id;
    }

    private byte[] mac(String identifier) {
        return kms.indexMac(identifier.getBytes(StandardCharsets.UTF_8)).await().indefinitely();
    }

    private static void row(StringBuilder copy, Object... values) {
        for (int i = 0; i < values.length; i++) {
            copy.append(i == 0 ? "" : "\t").append(values[i]);
        }
        copy.append('\n');
    }

    private static String bytes(byte[] value) {
        return "\\\\x" + HEX.formatHex(value);
    }
}
