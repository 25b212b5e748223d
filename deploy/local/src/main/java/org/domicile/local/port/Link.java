package org.domicile.local.port;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.domicile.local.LocalFailure;

/**
 * A long line to another region: bytes arrive half a round trip after they were sent, in order, at any rate; a connection takes
 * a round trip to open. Emulated here because a kernel's emulation needs rights that few machines give. It can be cut.
 */
public final class Link implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    /** Pieces under way in one direction: 64 MiB at most, above what 172 ms hold at 2 Gbit/s. */
    private static final int WINDOW = 1_024;

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile long oneWayNanos;
    private volatile boolean cut;
    private volatile double lost;
    private volatile Random chance = new Random();

    /** @param target a port on this host */
    public Link(String name, int port, int target) {
        this.target = target;
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        } catch (IOException e) {
            throw new LocalFailure("The link " + name + " cannot listen on port " + port + ": " + e.getMessage(), e);
        }
        Thread.ofPlatform().name("link-" + name).daemon().start(this::accept);
    }

    /** What is sent from now on takes half of this each way. */
    public void roundTrip(Duration roundTrip) {
        oneWayNanos = roundTrip.toNanos() / 2;
    }

    /**
     * Of the pieces of data that arrive from now on, this part ends its connection instead, on both sides, as a line does that loses so
     * much that TCP gives up. 0 = none.
     *
     * @param seed of the choice
     */
    public void lossy(double part, long seed) {
        chance = new Random(seed);
        lost = part;
    }

    /** Ends every connection and takes none until {@link #mend()}. */
    public void cut() {
        cut = true;
        open.forEach(Link::close);
    }

    public void mend() {
        cut = false;
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
                var server = new Socket()) {
            open.add(client);
            open.add(server);
            if (cut) {
                return;
            }
            LockSupport.parkNanos(2 * oneWayNanos);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var back = Thread.ofVirtual().start(() -> carry(server, client));
            carry(client, server);
            back.join();
        } catch (IOException e) {
            // the other end is down or reset: the client sees its connection close
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
            open.removeIf(Socket::isClosed);
        }
    }

    /** Bytes on their way, and when they arrive; empty: the sender has ended. */
    private record Piece(byte[] bytes, long due) {}

    private void carry(Socket from, Socket to) {
        BlockingQueue<Piece> line = new ArrayBlockingQueue<>(WINDOW);
        var arrivals = Thread.ofVirtual().start(() -> deliver(line, from, to));
        var buffer = new byte[BUFFER];
        try {
            var in = from.getInputStream();
            for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                line.put(new Piece(Arrays.copyOf(buffer, n), System.nanoTime() + oneWayNanos));
            }
            line.put(new Piece(new byte[0], System.nanoTime() + oneWayNanos));
            arrivals.join();
        } catch (IOException e) {
            close(from);
            close(to);
            arrivals.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(BlockingQueue<Piece> line, Socket from, Socket to) {
        try {
            var out = to.getOutputStream();
            for (var piece = line.take(); piece.bytes().length > 0; piece = line.take()) {
                await(piece);
                if (lost > 0 && chance.nextDouble() < lost) {
                    throw new IOException("lost on the way");
                }
                out.write(piece.bytes());
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
            line.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(Piece piece) {
        for (var left = piece.due() - System.nanoTime(); left > 0; left = piece.due() - System.nanoTime()) {
            LockSupport.parkNanos(left);
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
        close(server);
        open.forEach(Link::close);
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new LocalFailure("A link cannot be closed: " + e.getMessage(), e);
        }
    }
}
