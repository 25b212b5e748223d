package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.domicile.local.LocalFailure;

/** Many devices that are connected and say nothing: what one costs, how fast all come back, how fast all are woken. */
final class Connections {
    private static final long PATIENCE_SECONDS = 120;

    private final OwnInstance instance;
    private final SeededDevices devices;
    private final PushTransport transport;
    private final int count;
    private final int atOnce;

    /** @param atOnce connects under way at a time */
    Connections(OwnInstance instance, SeededDevices devices, PushTransport transport, int count, int atOnce) {
        this.instance = instance;
        this.devices = devices;
        this.transport = transport;
        this.count = count;
        this.atOnce = atOnce;
    }

    /**
     * Memory that one connection takes, kB (1,000 bytes).
     *
     * @param again resident: with all of them come back, beside the same process after they had been there once and left
     * @param fromFresh resident: with all of them, beside the process before its first connection; what is paid once is in it
     * @param live bytes of live objects, come back beside left
     */
    record Memory(double again, double fromFresh, double live) {
        static Memory each(int count, OwnInstance.Memory fresh, OwnInstance.Memory left, OwnInstance.Memory held) {
            return new Memory(
                    (held.resident() - left.resident()) / count,
                    (held.resident() - fresh.resident()) / count,
                    (held.live() - left.live()) / count);
        }
    }

    /**
     * @param storm connections per second, hello included, when all come back at once
     * @param fanOut seconds until all have got one wake-up each, from the first post; 0 where it was not measured
     */
    record Result(String tls, int connections, Memory memory, double storm, double fanOut) {}

    Result run(String tls, int senders) throws IOException, InterruptedException, SQLException {
        var fresh = instance.memory();
        closeAll(open(number -> {}));
        devices.awaitGone();
        var left = instance.memory();
        var woken = new CountDownLatch(senders > 0 ? count : 0);
        var begin = System.nanoTime();
        var connected = open(number -> woken.countDown());
        var storm = count / ((System.nanoTime() - begin) / 1e9);
        var memory = Memory.each(count, fresh, left, instance.memory());
        var fanOut = senders > 0 ? wakeAll(woken, senders) : 0;
        closeAll(connected);
        return new Result(tls, count, memory, storm, fanOut);
    }

    private double wakeAll(CountDownLatch woken, int senders) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        forAll(senders, first -> {
            try (var sender = transport.sender()) {
                for (int device = first; device < count; device += senders) {
                    sender.send(device, device);
                }
            }
        });
        if (!woken.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new LocalFailure(woken.getCount() + " devices were not woken within " + PATIENCE_SECONDS + " s.");
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private List<Transport.Receiver> open(Transport.Arrival arrival) throws InterruptedException {
        var opened = new ConcurrentLinkedQueue<Transport.Receiver>();
        var places = new Semaphore(atOnce);
        forAll(count, number -> {
            places.acquire();
            try {
                opened.add(transport.receiver(number, arrival));
            } finally {
                places.release();
            }
        });
        return new ArrayList<>(opened);
    }

    private interface Task {
        void run(int number) throws IOException, InterruptedException;
    }

    private static void forAll(int tasks, Task task) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < tasks; i++) {
                var number = i;
                running.add(threads.submit(() -> {
                    task.run(number);
                    return null;
                }));
            }
            for (var each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new LocalFailure("A device failed: " + e.getCause().getMessage(), e);
        }
    }

    private static void closeAll(List<Transport.Receiver> receivers) throws IOException {
        for (var receiver : receivers) {
            receiver.close();
        }
    }
}
