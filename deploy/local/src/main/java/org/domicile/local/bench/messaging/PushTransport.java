package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.domicile.local.LocalFailure;
import org.domicile.local.bench.messaging.SeededDevices.Device;

/** Ours: Web Push in, the autopush protocol out. */
final class PushTransport implements Transport {
    private static final int BODY = 200;
    private static final int NUMBER_AT = 21;
    private static final long PATIENCE_SECONDS = 120;

    private final List<Device> devices;
    private final int port;
    private final SSLSocketFactory tls;
    private final Optional<OwnInstance> instance;

    /** @param tls null where a proxy ends TLS */
    PushTransport(List<Device> devices, int port, SSLSocketFactory tls) {
        this(devices, port, tls, Optional.empty());
    }

    private PushTransport(List<Device> devices, int port, SSLSocketFactory tls, Optional<OwnInstance> instance) {
        this.devices = devices;
        this.port = port;
        this.tls = tls;
        this.instance = instance;
    }

    /** To an instance that ends with it, behind a proxy that ends TLS. */
    static PushTransport of(List<Device> devices, OwnInstance instance) {
        return new PushTransport(devices, instance.plain(), null, Optional.of(instance));
    }

    @Override
    public String name() {
        return "domicile";
    }

    @Override
    public String promise() {
        return "201: committed in PostgreSQL";
    }

    @Override
    public Sender sender() throws IOException {
        var wire = new Wire(port, tls);
        return new Sender() {
            @Override
            public void send(int device, long number) throws IOException {
                var head = "POST /push/" + devices.get(device).capability()
                        + " HTTP/1.1\r\nHost: localhost\r\nTTL: 3600\r\n"
                        + "Content-Encoding: aes128gcm\r\nContent-Length: " + BODY + "\r\n\r\n";
                var request = ByteBuffer.allocate(head.length() + BODY).put(head.getBytes(StandardCharsets.US_ASCII));
                var body = request.position();
                request.putInt(body + 16, 4096).putLong(body + NUMBER_AT, number);
                wire.write(request.array());
                var status = wire.httpStatus();
                if (status != 201) {
                    throw new LocalFailure("A message was answered " + status + ": see the log of the service.");
                }
            }

            @Override
            public void close() throws IOException {
                wire.close();
            }
        };
    }

    @Override
    public Receiver receiver(int device, Arrival arrival) throws IOException {
        return connect(device, arrival);
    }

    /** Returns when the service has said hello. */
    DeviceSocket connect(int device, Arrival arrival) throws IOException {
        var owner = devices.get(device);
        var socket = new DeviceSocket(
                new Wire(port, tls), owner.id() + "." + owner.secret(), data -> arrival.arrived(number(data)));
        Thread.ofVirtual().start(socket);
        await(socket.greeted());
        socket.requireOpen();
        return socket;
    }

    private static long number(String data) {
        return data == null
                ? -1
                : ByteBuffer.wrap(Base64.getUrlDecoder().decode(data)).getLong(NUMBER_AT);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("no hello within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (instance.isPresent()) {
            instance.get().close();
        }
    }
}
