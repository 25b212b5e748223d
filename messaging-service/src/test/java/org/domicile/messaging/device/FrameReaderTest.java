package org.domicile.messaging.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.device.ClientFrame.Taken;
import org.domicile.messaging.device.FrameReader.BadFrame;
import org.domicile.messaging.queue.Urgency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final UUID CHANNEL = UUID.fromString("deadbeef-0000-4000-8000-000000000001");

    @Test
    void every_frame_of_the_protocol_is_read() throws BadFrame {
        assertEquals(
                new ClientFrame.Hello(Optional.empty()),
                FrameReader.read(
                        "{\"messageType\":\"hello\",\"use_webpush\":true,\"broadcasts\":{\"a/b\":\"v\"},\"channelIDs\":[]}"));
        assertEquals(
                new ClientFrame.Hello(Optional.of("abc")),
                FrameReader.read("{\"messageType\":\"hello\",\"uaid\":\"abc\"}"));
        assertEquals(
                new ClientFrame.Register(CHANNEL, Optional.of("k")),
                FrameReader.read("{\"messageType\":\"register\",\"channelID\":\"" + CHANNEL + "\",\"key\":\"k\"}"));
        assertEquals(
                new ClientFrame.Unregister(CHANNEL),
                FrameReader.read("{\"messageType\":\"unregister\",\"code\":200,\"channelID\":\"" + CHANNEL + "\"}"));
        assertEquals(
                new ClientFrame.Ack(List.of(new Taken(CHANNEL, "v1", 100), new Taken(CHANNEL, "v2", 101))),
                FrameReader.read("{\"messageType\":\"ack\",\"updates\":[{\"channelID\":\"" + CHANNEL
                        + "\",\"version\":\"v1\"},{\"channelID\":\"" + CHANNEL
                        + "\",\"version\":\"v2\",\"code\":101}]}"));
        assertEquals(
                new ClientFrame.Nack("v1"),
                FrameReader.read("{\"messageType\":\"nack\",\"code\":301,\"version\":\"v1\"}"));
        assertEquals(
                new ClientFrame.BroadcastSubscribe(),
                FrameReader.read("{\"messageType\":\"broadcast_subscribe\",\"broadcasts\":{}}"));
        assertEquals(new ClientFrame.Ping(), FrameReader.read("{}"));
        assertEquals(new ClientFrame.Ping(), FrameReader.read("{\"messageType\":\"ping\"}"));
    }

    @Test
    void the_least_urgency_is_read_and_an_unknown_word_ends_nothing() throws Exception {
        assertEquals(
                new ClientFrame.LeastUrgency(Optional.of(Urgency.VERY_LOW)),
                FrameReader.read("{\"messageType\":\"urgency\",\"min\":\"very-low\"}"));
        assertEquals(
                new ClientFrame.LeastUrgency(Optional.empty()),
                FrameReader.read("{\"messageType\":\"urgency\",\"min\":\"whenever\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "null",
                "{\"messageType\":1}",
                "{\"a\":1}",
                "{\"messageType\":\"register\"}",
                "{\"messageType\":\"register\",\"channelID\":\"1-1-1-1-1\"}",
                "{\"messageType\":\"register\",\"channelID\":\"no\"}",
                "{\"messageType\":\"unregister\",\"channelID\":7}",
                "{\"messageType\":\"ack\"}",
                "{\"messageType\":\"ack\",\"updates\":{}}",
                "{\"messageType\":\"ack\",\"updates\":[null]}",
                "{\"messageType\":\"ack\",\"updates\":[1]}",
                "{\"messageType\":\"ack\",\"updates\":[{\"version\":\"v\"}]}",
                "{\"messageType\":\"ack\",\"updates\":[{\"channelID\":\"deadbeef-0000-4000-8000-000000000001\",\"version\":\"v\",\"code\":\"x\"}]}",
                "{\"messageType\":\"nack\"}",
                "{\"messageType\":\"hello\",\"uaid\":{}}",
                "{\"messageType\":\"hello\"",
                "{} trailing"
            })
    void what_cannot_be_read_closes_with_1007(String text) {
        assertEquals(CloseReason.MALFORMED, reason(text));
    }

    @Test
    void an_unknown_type_closes_with_1002_and_a_large_frame_with_1009() {
        assertEquals(CloseReason.UNKNOWN_MESSAGE, reason("{\"messageType\":\"notification\"}"));
        assertEquals(CloseReason.TOO_LARGE, reason("{\"messageType\":\"" + "x".repeat(FrameReader.MAX_LENGTH) + "\"}"));
    }

    @Test
    void a_deeply_nested_frame_is_no_way_to_exhaust_the_stack() {
        assertEquals(CloseReason.MALFORMED, reason("{\"a\":" + "[".repeat(16_000)));
    }

    private static CloseReason reason(String text) {
        return assertThrows(BadFrame.class, () -> FrameReader.read(text)).reason();
    }
}
