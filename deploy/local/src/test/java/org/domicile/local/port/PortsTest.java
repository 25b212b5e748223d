package org.domicile.local.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.domicile.local.LocalFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path folder;

    @Test
    void a_port_is_remembered_by_the_next_start() {
        var port = ports(1).of("cn-north.kafka");

        assertEquals(port, ports(2).of("cn-north.kafka"));
    }

    @Test
    void two_names_never_share_a_port() {
        var ports = ports(1);

        assertNotEquals(ports.of("cn-north.kafka"), ports.of("ap-southeast.kafka"));
    }

    @Test
    void a_port_that_another_program_took_is_named_with_the_remedy() throws IOException {
        var ports = ports(1);
        try (var other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.of("cn-north.kafka")));

            var failure = assertThrows(LocalFailure.class, () -> ports.requireFree("cn-north.kafka"));

            assertTrue(failure.getMessage().contains("Port " + ports.of("cn-north.kafka") + " of cn-north.kafka"));
            assertTrue(failure.getMessage().contains("ports.json"));
        }
    }

    @Test
    void a_damaged_file_is_named() throws IOException {
        Files.writeString(folder.resolve("ports.json"), "{");

        var failure = assertThrows(LocalFailure.class, () -> ports(1));

        assertTrue(failure.getMessage().contains("ports.json is damaged"));
    }

    private Ports ports(long seed) {
        return new Ports(folder.resolve("ports.json"), new Random(seed));
    }
}
