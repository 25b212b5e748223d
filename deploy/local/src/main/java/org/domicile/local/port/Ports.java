package org.domicile.local.port;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.PrivateFiles;

/**
 * The ports of the stack: free ones are picked once and remembered in {@code ports.json}, because URLs that were given
 * out (push endpoints, issuers) must hold. They lie below the range from which systems take ports of outgoing calls.
 */
public final class Ports {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;

    private final Path file;
    private final Map<String, Integer> ports;
    private int next;

    public Ports(Path file, RandomGenerator random) {
        this.file = file;
        this.ports = load(file);
        this.next = random.nextInt(LOWEST, HIGHEST - 200);
    }

    /** The port of that name, picked now if it has none. */
    public synchronized int of(String name) {
        var known = ports.get(name);
        if (known != null) {
            return known;
        }
        while (ports.containsValue(next) || !isFree(next)) {
            next = next >= HIGHEST ? LOWEST : next + 1;
        }
        ports.put(name, next);
        try {
            PrivateFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(ports));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return next++;
    }

    /** @throws LocalFailure naming the port and whose it is, if another program listens there */
    public void requireFree(String name) {
        var port = of(name);
        if (!isFree(port)) {
            throw new LocalFailure(
                    "Port " + port + " of " + name + " is used by another program: end that, or remove the line \""
                            + name + "\" from " + file + " so that another port is picked.");
        }
    }

    /** Whether nothing listens there now. */
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Map<String, Integer> load(Path file) {
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        try {
            return JSON.readValue(PrivateFiles.read(file), new TypeReference<TreeMap<String, Integer>>() {});
        } catch (JsonProcessingException e) {
            throw new LocalFailure(
                    "The file " + file + " is damaged: correct it, or remove it so that new ports are picked.", e);
        }
    }
}
