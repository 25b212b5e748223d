package org.domicile.local.bench.messaging;

import java.io.IOException;

/** One of the systems that are compared: durable messages to a device, which may be away. */
interface Transport extends AutoCloseable {
    String name();

    /** What its acknowledgement to a sender means. */
    String promise();

    /** A sender's connection. */
    Sender sender() throws IOException;

    /** Connects a device, which acknowledges what it takes. @param device from 0 */
    Receiver receiver(int device, Arrival arrival) throws IOException;

    /** Waits until so many messages are stored, where a sender is not told. */
    default void awaitStored(long messages) throws IOException {}

    /** Called for each message with what was sent. */
    interface Arrival {
        void arrived(long number);
    }

    interface Sender extends AutoCloseable {
        /** Returns when the system has accepted the message. */
        void send(int device, long number) throws IOException;

        @Override
        void close() throws IOException;
    }

    interface Receiver extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    @Override
    void close() throws IOException, InterruptedException;
}
