package org.domicile.backup.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A request that goes on until the test ends it. */
public final class OpenUpload implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader answers;

    /** @param headers whole lines */
    OpenUpload(URI base, String authorization, String request, String... headers) {
        try {
            socket = new Socket(base.getHost(), base.getPort());
            answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            send((request + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + authorization + "\r\n"
                            + Stream.of(headers).map(line -> line + "\r\n").collect(Collectors.joining()) + "\r\n")
                    .getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next answer, whatever has been sent. */
    public int status() {
        try {
            for (String line; (line = answers.readLine()) != null; ) {
                if (line.startsWith("HTTP/1.1 ")) {
                    return Integer.parseInt(line.split(" ")[1]);
                }
            }
            return -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
