package org.domicile.client.testing;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One WebSocket (RFC 6455) in the hands of a test: it sees each text frame and says what is answered. */
public final class AutopushServer implements AutoCloseable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final ServerSocket server;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private volatile int refusal;
    private volatile String requested = "";
    private volatile Socket socket;

    public AutopushServer() {
        try {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::run, "autopush");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Answers the handshake with this status. */
    public void refuse(int status) {
        refusal = status;
    }

    /** The first line and the headers of the handshake. */
    public String requested() {
        return requested;
    }

    /** The next text frame of the client. */
    public String received() throws InterruptedException {
        String frame = received.poll(10, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("the client sent nothing");
        }
        return frame;
    }

    public void send(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        OutputStream out = socket.getOutputStream();
        out.write(0x81);
        if (payload.length < 126) {
            out.write(payload.length);
        } else {
            out.write(new byte[] {126, (byte) (payload.length >> 8), (byte) payload.length});
        }
        out.write(payload);
        out.flush();
    }

    private void run() {
        try {
            Socket accepted = server.accept();
            DataInputStream in = new DataInputStream(accepted.getInputStream());
            requested = head(in);
            accepted.getOutputStream().write(answer().getBytes(StandardCharsets.US_ASCII));
            socket = accepted;
            while (refusal == 0) {
                read(in);
            }
            accepted.close();
        } catch (IOException | GeneralSecurityException e) {
            // The client or the test has gone.
        }
    }

    private void read(DataInputStream in) throws IOException {
        int opcode = in.readUnsignedByte() & 15;
        int length = in.readUnsignedByte() & 127;
        if (length == 126) {
            length = in.readUnsignedShort();
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        if (opcode == 1) {
            received.add(new String(payload, StandardCharsets.UTF_8));
        }
    }

    private String answer() throws GeneralSecurityException {
        if (refusal != 0) {
            return "HTTP/1.1 " + refusal + " Refused\r\nContent-Length: 0\r\n\r\n";
        }
        String key = requested
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
        byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Protocol: push-notification\r\nSec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n";
    }

    private static String head(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
