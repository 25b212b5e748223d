package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Mosquitto with persistent sessions and QoS 1 (MQTT 3.1.1), without TLS. */
final class MqttTransport implements Transport {
    private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");
    private static final int CONNECT = 0x10;
    private static final int PUBLISH = 0x30;
    private static final int QOS_1 = 0x02;
    private static final int PUBACK = 0x40;
    private static final int SUBSCRIBE = 0x82;
    private static final int PAYLOAD = 200;

    private final Peer peer;
    private final int port;

    MqttTransport(Path folder, int devices) throws IOException, InterruptedException {
        port = Peer.freePort();
        var configuration = Files.writeString(
                Files.createDirectories(folder).resolve("mosquitto.conf"), """
                listener %d 127.0.0.1
                allow_anonymous true
                persistence true
                persistence_location %s/
                autosave_interval 1
                max_queued_messages 0
                user root
                """.formatted(port, folder));
        peer = Peer.start(folder, port, java.util.Map.of(), PROGRAM.toString(), "-c", configuration.toString());
        for (int i = 0; i < devices; i++) {
            receiver(i, number -> {}).close();
        }
    }

    /** What to install where it cannot be run. */
    static Optional<String> missing() {
        return Files.isExecutable(PROGRAM)
                ? Optional.empty()
                : Optional.of("Mosquitto is left out: apt-get install mosquitto brings it.");
    }

    @Override
    public String name() {
        return "mosquitto";
    }

    @Override
    public String promise() {
        return "PUBACK: in memory, written to disk once a second";
    }

    @Override
    public Sender sender() throws IOException {
        var wire = connect("", true);
        return new Sender() {
            @Override
            public void send(int device, long number) throws IOException {
                var topic = ("d/" + device).getBytes(StandardCharsets.US_ASCII);
                var body = ByteBuffer.allocate(4 + topic.length + PAYLOAD)
                        .putShort((short) topic.length)
                        .put(topic)
                        .putShort((short) 1)
                        .putLong(number);
                packet(wire, PUBLISH | QOS_1, body.array());
                expect(wire, PUBACK);
            }

            @Override
            public void close() throws IOException {
                wire.close();
            }
        };
    }

    @Override
    public Receiver receiver(int device, Arrival arrival) throws IOException {
        var wire = connect("d" + device, false);
        var topic = ("d/" + device).getBytes(StandardCharsets.US_ASCII);
        packet(
                wire,
                SUBSCRIBE,
                ByteBuffer.allocate(5 + topic.length)
                        .putShort((short) 1)
                        .putShort((short) topic.length)
                        .put(topic)
                        .put((byte) 1)
                        .array());
        Thread.ofVirtual().start(() -> take(wire, arrival));
        return wire::close;
    }

    private static void take(Wire wire, Arrival arrival) {
        try {
            while (true) {
                var type = wire.read();
                var packet = ByteBuffer.wrap(wire.read(length(wire)));
                if ((type & 0xF0) == PUBLISH) {
                    packet.position(2 + packet.getShort(0));
                    var id = packet.getShort();
                    arrival.arrived(packet.getLong());
                    packet(wire, PUBACK, new byte[] {(byte) (id >> 8), (byte) id});
                }
            }
        } catch (IOException e) {
            // closed by the benchmark
        }
    }

    private Wire connect(String id, boolean clean) throws IOException {
        var wire = new Wire(port, null);
        var name = id.getBytes(StandardCharsets.US_ASCII);
        packet(
                wire,
                CONNECT,
                ByteBuffer.allocate(12 + name.length)
                        .putShort((short) 4)
                        .put("MQTT".getBytes(StandardCharsets.US_ASCII))
                        .put((byte) 4)
                        .put((byte) (clean ? 2 : 0))
                        .putShort((short) 0)
                        .putShort((short) name.length)
                        .put(name)
                        .array());
        expect(wire, 0x20);
        return wire;
    }

    private static void expect(Wire wire, int type) throws IOException {
        var got = wire.read();
        var packet = wire.read(length(wire));
        if (got != type) {
            throw new IOException("mosquitto answered " + got + " " + Arrays.toString(packet));
        }
    }

    private static int length(Wire wire) throws IOException {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            var digit = wire.read();
            length |= (digit & 0x7F) << shift;
            if (digit < 0x80) {
                return length;
            }
        }
    }

    private static void packet(Wire wire, int type, byte[] body) throws IOException {
        var big = body.length > 127;
        var packet = ByteBuffer.allocate((big ? 3 : 2) + body.length).put((byte) type);
        if (big) {
            packet.put((byte) (body.length & 0x7F | 0x80)).put((byte) (body.length >> 7));
        } else {
            packet.put((byte) body.length);
        }
        synchronized (wire) {
            wire.write(packet.put(body).array());
        }
    }

    @Override
    public void close() throws InterruptedException {
        peer.close();
    }
}
