package org.domicile.local.port;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.domicile.local.LocalFailure;

/**
 * A region-neutral origin: hands each connection to one of the targets in turn, to the next one if that is down. It does
 * not look inside; TLS ends at the target.
 */
public final class Forwarder implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int BUFFER = 1 << 15;

    private final ServerSocket server;
    private final List<Integer> targets;
    private final AtomicInteger turn = new AtomicInteger();

    /** @param targets ports on this host */
    public Forwarder(String name, int port, List<Integer> targets) {
        this.targets = List.copyOf(targets);
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        } catch (IOException e) {
            throw new LocalFailure("The " + name + " origin cannot listen on port " + port + ": " + e.getMessage(), e);
        }
        Thread.ofPlatform().name(name + "-origin").daemon().start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // closed, or out of descriptors: the loop's condition tells which
                Thread.onSpinWait();
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var target = connect()) {
            client.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
            var back = Thread.ofVirtual().start(() -> copy(target, client));
            copy(client, target);
            back.join();
        } catch (IOException e) {
            // no target is up, or one side reset: the client sees its connection close
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect() throws IOException {
        var first = Math.floorMod(turn.getAndIncrement(), targets.size());
        IOException last = new IOException("no target");
        for (var i = 0; i < targets.size(); i++) {
            var socket = new Socket();
            try {
                var port = targets.get((first + i) % targets.size());
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    /** One direction; its end is passed on as a half-close, a failure closes both sides. */
    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[BUFFER];
            for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone either way
            return;
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new LocalFailure("An origin cannot be closed: " + e.getMessage(), e);
        }
    }
}
