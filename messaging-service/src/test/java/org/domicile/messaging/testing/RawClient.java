package org.domicile.messaging.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.domicile.messaging.testing.TestAccounts.TestDevice;

/** A client that writes by itself, and reads only when it is told to. */
public final class RawClient implements AutoCloseable {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;
    private static final int SMALL = 16 * 1024;
    /** Longer than the service ever needs for a frame that it takes. */
    private static final long PATIENCE_MILLIS = 3_000;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(SMALL).flip();
    private ByteBuffer rest = ByteBuffer.allocate(0);

    /** Connects without a word. */
    public RawClient(URI service) {
        try {
            channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
            channel.connect(new InetSocketAddress(service.getHost(), service.getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects and upgrades. */
    public RawClient(URI service, TestDevice device) {
        this(service);
        write("GET /connect/" + device.credential() + " HTTP/1.1\r\nHost: " + service.getAuthority()
                + "\r\n"
                + "Connection: Upgrade\r\n"
                + "Upgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                + "Sec-WebSocket-Protocol: push-notification\r\n\r\n");
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) read());
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new AssertionError(head);
        }
    }

    /** Asks for a path, and does not wait for the answer. */
    public void get(String path) {
        write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    /** Ends the connection so that the other end cannot write to it any more. */
    public void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One frame, in one piece. */
    public void send(String text) {
        write(frame(text));
    }

    /** A ping without a word, masked with zeroes. */
    public void ping() {
        write(ByteBuffer.allocate(6).put((byte) PING).put((byte) 0x80).putInt(0).flip());
    }

    /** Fails unless the next frame is a pong without a word. */
    public void pong() {
        var type = read();
        if (type != PONG || length() != 0) {
            throw new AssertionError("no pong: " + Integer.toHexString(type));
        }
    }

    /** Whatever it is. */
    public void sendBytes(byte[] bytes) {
        write(ByteBuffer.wrap(bytes));
    }

    /**
     * Sends the same frame, and reads nothing, until the service takes no more.
     *
     * @return how many were begun, the last of which may not be complete; at most as many as given
     */
    public int flood(String text, int most) {
        var frame = frame(text);
        try (var selector = Selector.open()) {
            channel.configureBlocking(false);
            var writable = channel.register(selector, SelectionKey.OP_WRITE);
            int begun = 0;
            while (begun < most) {
                var next = frame.duplicate();
                begun++;
                while (next.hasRemaining()) {
                    if (channel.write(next) == 0 && selector.select(PATIENCE_MILLIS) == 0) {
                        rest = next;
                        writable.cancel();
                        selector.selectNow();
                        channel.configureBlocking(true);
                        return begun;
                    }
                    selector.selectedKeys().clear();
                }
            }
            writable.cancel();
            selector.selectNow();
            channel.configureBlocking(true);
            return begun;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what {@link #flood} could not, while the service reads on. */
    public void finish() {
        write(rest);
    }

    /** The text of the next frame. */
    public String next() {
        var type = read();
        var text = new byte[length()];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) read();
        }
        if (type != TEXT) {
            throw new AssertionError("no text: " + Integer.toHexString(type));
        }
        return new String(text, US_ASCII);
    }

    /** The code of the close frame that comes next. */
    public int closeCode() {
        for (int type = read(); type != CLOSE; type = read()) {
            for (int left = length(); left > 0; left--) {
                read();
            }
        }
        length();
        return read() << 8 | read();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int length() {
        var length = read();
        return length < 126 ? length : read() << 8 | read();
    }

    /** Masked with zeroes. */
    private static ByteBuffer frame(String text) {
        var bytes = text.getBytes(US_ASCII);
        var frame = ByteBuffer.allocate(bytes.length + 8).put((byte) TEXT);
        if (bytes.length < 126) {
            frame.put((byte) (0x80 | bytes.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) bytes.length);
        }
        return frame.putInt(0).put(bytes).flip();
    }

    private void write(String text) {
        write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
    }

    private void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int read() {
        try {
            if (!in.hasRemaining()) {
                in.clear();
                if (channel.read(in) < 0) {
                    throw new AssertionError("the connection has ended");
                }
                in.flip();
            }
            return in.get() & 0xff;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
