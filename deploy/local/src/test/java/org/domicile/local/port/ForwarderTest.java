package org.domicile.local.port;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwarderTest {
    @Test
    void a_connection_reaches_the_target_that_is_up() throws IOException {
        var down = freePort();
        var origin = freePort();
        try (var up = echoOnce();
                var forwarder = new Forwarder("push", origin, List.of(down, up.getLocalPort()))) {
            try (var client = new Socket(InetAddress.getLoopbackAddress(), origin)) {
                client.getOutputStream().write("hello".getBytes(US_ASCII));
                client.shutdownOutput();

                assertEquals("hello", new String(client.getInputStream().readAllBytes(), US_ASCII));
            }
        }
    }

    @Test
    void with_no_target_up_the_connection_closes() throws IOException {
        var origin = freePort();
        try (var forwarder = new Forwarder("push", origin, List.of(freePort()));
                var client = new Socket(InetAddress.getLoopbackAddress(), origin)) {

            assertEquals(-1, client.getInputStream().read());
        }
    }

    /** Sends one connection's bytes back after the peer's half-close. */
    private static ServerSocket echoOnce() throws IOException {
        var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try (var socket = server.accept()) {
                socket.getOutputStream().write(socket.getInputStream().readAllBytes());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return server;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
