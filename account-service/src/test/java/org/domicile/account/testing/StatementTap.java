package org.domicile.account.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands between a service and PostgreSQL and notes every statement that is executed (PostgreSQL, chapter 54), to count work by. */
public final class StatementTap implements AutoCloseable {
    private final int database;
    private final ServerSocket server;
    private final Queue<String> statements = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    StatementTap(int database) {
        this.database = database;
        try {
            server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** What was executed since the last time, sorted, without what the outbox and the look for erasures do by the clock. */
    public List<String> drain() {
        var drained = new ArrayList<String>();
        for (var one = statements.poll(); one != null; one = statements.poll()) {
            if (!one.contains("outbox") && !one.contains("erased")) {
                drained.add(one);
            }
        }
        drained.sort(null);
        return drained;
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                var behind = new Socket(InetAddress.getLoopbackAddress(), database);
                open.add(client);
                open.add(behind);
                Thread.ofVirtual().start(() -> carry(client, behind));
                Thread.ofVirtual().start(() -> forward(client, behind));
            }
        } catch (IOException e) {
            close();
        }
    }

    private void carry(Socket client, Socket behind) {
        try (client;
                behind) {
            behind.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // one of the two has hung up
        }
    }

    private void forward(Socket client, Socket behind) {
        var prepared = new HashMap<String, String>();
        try (client;
                behind) {
            var in = new DataInputStream(client.getInputStream());
            var out = new DataOutputStream(behind.getOutputStream());
            var startup = in.readNBytes(4);
            out.write(startup);
            out.write(in.readNBytes(ByteBuffer.wrap(startup).getInt() - 4));
            out.flush();
            while (true) {
                int type = in.readUnsignedByte();
                var body = in.readNBytes(in.readInt() - 4);
                note(type, body, prepared);
                out.writeByte(type);
                out.writeInt(body.length + 4);
                out.write(body);
                out.flush();
            }
        } catch (IOException e) {
            // one of the two has hung up
        }
    }

    private void note(int type, byte[] body, Map<String, String> prepared) {
        var texts = ByteBuffer.wrap(body);
        switch (type) {
            case 'Q' -> statements.add(text(texts));
            case 'P' -> prepared.put(text(texts), text(texts));
            case 'B' -> {
                text(texts);
                statements.add(prepared.getOrDefault(text(texts), "?"));
            }
            default -> {}
        }
    }

    private static String text(ByteBuffer from) {
        var text = new ByteArrayOutputStream();
        for (var b = from.get(); b != 0; b = from.get()) {
            text.write(b);
        }
        return text.toString(UTF_8);
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
}
