package org.domicile.platform.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.Random;

/** Ports for servers that start later: below those that a system hands out to connections, so that none takes one meanwhile. */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int LAST = 27_000;
    private static final Random RANDOM = new Random();

    private FreePorts() {}

    /** @return one that nobody listens on */
    public static int next() {
        while (true) {
            var port = RANDOM.nextInt(FIRST, LAST);
            try (var socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // taken: another
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
