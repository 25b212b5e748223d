package org.domicile.backup.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;

/** An upload that goes on until the test ends it. */
public final class OpenUpload implements AutoCloseable {
    private final Socket socket;

    OpenUpload(URI base, String authorization, String path, long declared) {
        try {
            socket = new Socket(base.getHost(), base.getPort());
            send(("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + authorization + "\r\nContent-Length: "
                            + declared + "\r\n\r\n")
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

    /** Waits for the answer, whatever has been sent. */
    public int status() {
        try {
            var line = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
            return line == null ? -1 : Integer.parseInt(line.split(" ")[1]);
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
