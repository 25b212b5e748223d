package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A device's WebSocket (RFC 6455, just what the service sends): says hello, acknowledges every notification, answers pings. */
final class DeviceSocket implements Transport.Receiver, Runnable {
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final Pattern CHANNEL = Pattern.compile("\"channelID\":\"([^\"]+)\"");
    private static final Pattern VERSION = Pattern.compile("\"version\":\"([^\"]+)\"");
    private static final Pattern DATA = Pattern.compile("\"data\":\"([^\"]+)\"");

    private final Wire wire;
    private final Consumer<String> data;
    private final CountDownLatch greeted = new CountDownLatch(1);
    private volatile IOException broken;

    /** @param data gets the data of each notification, null for a wake-up */
    DeviceSocket(Wire wire, String credential, Consumer<String> data) throws IOException {
        this.wire = wire;
        this.data = data;
        wire.write(("GET /connect/" + credential
                        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Protocol: push-notification\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        var status = wire.httpStatus();
        if (status != 101) {
            throw new IOException("the connection was refused with " + status);
        }
        send(
                TEXT,
                "{\"messageType\":\"hello\",\"uaid\":\"\",\"use_webpush\":true}".getBytes(StandardCharsets.US_ASCII));
    }

    CountDownLatch greeted() {
        return greeted;
    }

    void requireOpen() throws IOException {
        if (broken != null) {
            throw broken;
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                var first = wire.read();
                var length = wire.read() & 0x7F;
                if (length == 126) {
                    length = wire.read() << 8 | wire.read();
                }
                take(first & 0xF, wire.read(length));
            }
        } catch (IOException e) {
            broken = e;
            greeted.countDown();
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }

    private void take(int type, byte[] payload) throws IOException {
        switch (type) {
            case TEXT -> take(new String(payload, StandardCharsets.US_ASCII));
            case PING -> send(PONG, payload);
            case CLOSE -> throw new IOException("closed by the service with " + (payload[0] << 8 | payload[1] & 0xFF));
            default -> {}
        }
    }

    private void take(String frame) throws IOException {
        if (frame.contains("\"notification\"")) {
            var content = DATA.matcher(frame);
            data.accept(content.find() ? content.group(1) : null);
            var ack = "{\"messageType\":\"ack\",\"updates\":[{\"channelID\":\"" + first(CHANNEL, frame)
                    + "\",\"version\":\"" + first(VERSION, frame) + "\",\"code\":100}]}";
            send(TEXT, ack.getBytes(StandardCharsets.US_ASCII));
        } else if (frame.contains("\"hello\"")) {
            greeted.countDown();
        }
    }

    private static String first(Pattern pattern, String frame) throws IOException {
        var match = pattern.matcher(frame);
        if (!match.find()) {
            throw new IOException("not a frame of the protocol: " + frame);
        }
        return match.group(1);
    }

    /** A client's frame is masked; a mask of zeros leaves the payload as it is. */
    private synchronized void send(int type, byte[] payload) throws IOException {
        var extended = payload.length > 125;
        var frame = new byte[(extended ? 8 : 6) + payload.length];
        frame[0] = (byte) (0x80 | type);
        frame[1] = (byte) (0x80 | (extended ? 126 : payload.length));
        if (extended) {
            frame[2] = (byte) (payload.length >> 8);
            frame[3] = (byte) payload.length;
        }
        System.arraycopy(payload, 0, frame, frame.length - payload.length, payload.length);
        wire.write(frame);
    }
}
