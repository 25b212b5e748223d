package org.domicile.messaging.device;

/** The wire below a session: what a session needs of a WebSocket. Used on the session's event loop only. */
interface Connection {
    void send(ServerFrame frame);

    void ping();

    void close(CloseReason reason);

    /** Runs the task on the event loop of the connection; may be called from any thread. */
    void execute(Runnable task);

    /** Runs the task there later. */
    void executeAfter(long millis, Runnable task);
}
