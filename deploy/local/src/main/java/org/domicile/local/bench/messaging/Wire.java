package org.domicile.local.bench.messaging;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/** A blocking connection with a small buffer, for one virtual thread. */
final class Wire implements AutoCloseable {
    private static final int BUFFER = 512;

    private final Socket socket;
    private final InputStream in;

    /** @param tls null for plain TCP */
    Wire(int port, SSLSocketFactory tls) throws IOException {
        var plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setTcpNoDelay(true);
        socket = tls == null ? plain : tls.createSocket(plain, "localhost", port, true);
        in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    int read() throws IOException {
        var next = in.read();
        if (next < 0) {
            throw new EOFException("the server has closed the connection");
        }
        return next;
    }

    byte[] read(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the server has closed the connection");
        }
        return bytes;
    }

    /** Reads the head of an HTTP answer whose body is empty. @return the status */
    int httpStatus() throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            head.append((char) read());
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
