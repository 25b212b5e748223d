package org.domicile.platform.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.domicile.platform.account.AccountId;

/**
 * Stands between a service and PostgreSQL. Every commit of something about a watched account is a step, known by its statements, and
 * the database is lost at each of them twice: once before the commit, so that nothing has happened, and once after it, so that all
 * has happened and nobody was told. Nobody lists the steps: one that is new is broken as well.
 */
public final class CrashingDatabase implements AutoCloseable {
    private final int database;
    private final ServerSocket server;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final Queue<AccountMarks> watched = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> crashes = new ConcurrentHashMap<>();

    /** What is to be lost at a step. */
    enum Crash {
        BEFORE,
        AFTER,
        NONE
    }

    /** @param database the server's port */
    public CrashingDatabase(int database) {
        this.database = database;
        try {
            server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on the account's steps are broken. */
    public void watch(AccountId account) {
        watched.add(AccountMarks.of(account));
    }

    /** The statements of the steps at which the database was lost both before and after the commit. */
    public Set<String> survived() {
        return crashes.entrySet().stream()
                .filter(step -> step.getValue() >= Crash.NONE.ordinal())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean isWatched(byte[] message) {
        return watched.stream().anyMatch(account -> account.in(message));
    }

    /** What is to happen at a step, which counts as one more time. */
    Crash next(String statements) {
        var before = crashes.merge(statements, 1, Integer::sum) - 1;
        return Crash.values()[Math.min(before, Crash.NONE.ordinal())];
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                var behind = new Socket(InetAddress.getLoopbackAddress(), database);
                client.setTcpNoDelay(true);
                behind.setTcpNoDelay(true);
                open.add(client);
                open.add(behind);
                var conversation = new CrashingConversation(this);
                Thread.ofVirtual().start(() -> questions(conversation, client, behind));
                Thread.ofVirtual().start(() -> answers(conversation, client, behind));
            }
        } catch (IOException e) {
            close();
        }
    }

    private void questions(CrashingConversation conversation, Socket client, Socket behind) {
        try (client;
                behind) {
            var in = new DataInputStream(client.getInputStream());
            var out = new DataOutputStream(behind.getOutputStream());
            var startup = in.readNBytes(Integer.BYTES);
            out.write(startup);
            out.write(in.readNBytes(ByteBuffer.wrap(startup).getInt() - Integer.BYTES));
            out.flush();
            while (true) {
                var message = Message.read(in);
                if (!conversation.asks(message)) {
                    return;
                }
                message.write(out);
            }
        } catch (IOException e) {
            // one of the two has hung up
        }
    }

    private void answers(CrashingConversation conversation, Socket client, Socket behind) {
        try (client;
                behind) {
            var in = new DataInputStream(behind.getInputStream());
            var out = new DataOutputStream(client.getOutputStream());
            while (true) {
                var message = Message.read(in);
                switch (conversation.answers(message)) {
                    case PASS -> message.write(out);
                    case KEEP -> {}
                    case HANG_UP -> {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // one of the two has hung up
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A message of PostgreSQL's protocol: a letter, its length, its body. */
    record Message(char type, byte[] body) {
        static Message read(DataInputStream in) throws IOException {
            var type = (char) in.readUnsignedByte();
            return new Message(type, in.readNBytes(in.readInt() - Integer.BYTES));
        }

        void write(DataOutputStream out) throws IOException {
            var whole = ByteBuffer.allocate(1 + Integer.BYTES + body.length)
                    .put((byte) type)
                    .putInt(body.length + Integer.BYTES)
                    .put(body);
            out.write(whole.array());
            out.flush();
        }
    }
}
