package org.domicile.platform.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.domicile.platform.testing.CrashingDatabase.Crash;
import org.domicile.platform.testing.CrashingDatabase.Message;

/**
 * One connection, as PostgreSQL's documentation has it ("Frontend/Backend Protocol"): statements up to a COMMIT are one step, and one
 * outside of a transaction is a step by itself, which ends with the client's Sync.
 */
final class CrashingConversation {
    private static final Pattern WRITE = Pattern.compile("^(with .*)?(insert|update|delete) ", Pattern.DOTALL);

    private final CrashingDatabase database;
    private final Map<String, String> prepared = new HashMap<>();
    private final TreeSet<String> writes = new TreeSet<>();
    private boolean transaction;
    private boolean watched;
    private boolean last;

    CrashingConversation(CrashingDatabase database) {
        this.database = database;
    }

    /** What becomes of an answer. */
    enum Passing {
        PASS,
        KEEP,
        HANG_UP
    }

    /** @return false to hang up instead of asking */
    synchronized boolean asks(Message message) {
        watched |= database.isWatched(message.body());
        var body = ByteBuffer.wrap(message.body());
        switch (message.type()) {
            case 'P' -> prepared.put(text(body), text(body));
            case 'B' -> {
                text(body);
                executed(prepared.getOrDefault(text(body), ""));
            }
            case 'Q' -> {
                var statement = text(body);
                executed(statement);
                return !ends(statement) || isLostAfter(step());
            }
            case 'S' -> {
                return transaction || isLostAfter(step());
            }
            default -> {}
        }
        return true;
    }

    synchronized Passing answers(Message message) {
        if (message.type() == 'D' && !watched && database.isWatched(message.body())) {
            watched = true;
            // a statement whose answer names the account first: what it has done is lost on the way back only
            last = !transaction && step() != Crash.NONE;
        }
        if (message.type() != 'Z') {
            return last ? Passing.KEEP : Passing.PASS;
        }
        if (last) {
            return Passing.HANG_UP;
        }
        transaction = message.body()[0] != 'I';
        if (!transaction) {
            writes.clear();
            watched = false;
        }
        return Passing.PASS;
    }

    private void executed(String statement) {
        if (WRITE.matcher(statement.strip().toLowerCase(Locale.ROOT)).find()) {
            writes.add(statement);
        }
    }

    private boolean ends(String statement) {
        return transaction ? statement.strip().equalsIgnoreCase("commit") : !writes.isEmpty();
    }

    /** @return false if it is lost before */
    private boolean isLostAfter(Crash crash) {
        last = crash == Crash.AFTER;
        return crash != Crash.BEFORE;
    }

    private Crash step() {
        return watched && !writes.isEmpty() ? database.next(String.join("; ", writes)) : Crash.NONE;
    }

    private static String text(ByteBuffer from) {
        var text = new ByteArrayOutputStream();
        for (var b = from.get(); b != 0; b = from.get()) {
            text.write(b);
        }
        return text.toString(UTF_8);
    }
}
