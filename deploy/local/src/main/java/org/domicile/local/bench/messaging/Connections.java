package org.domicile.local.bench.messaging;

import java.io.IOException;
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
import org.domicile.local.bench.ProcessMeter;

/** Many devices that are connected and say nothing: what one costs, how fast all come back, how fast all are woken. */
final class Connections {
    private static final long PATIENCE_SECONDS = 120;

    private final OwnInstance instance;
    private final PushTransport transport;
    private final int count;
    private final int atOnce;

    /** @param atOnce connects under way at a time */
    Connections(OwnInstance instance, PushTransport transport, int count, int atOnce) {
        this.instance = instance;
        this.transport = transport;
        this.count = count;
        this.atOnce = atOnce;
    }

    /**
     * @param kilobytes resident memory that one more connection takes, kB (1,000 bytes)
     * @param storm connections per second, hello included, when all come back at once
     * @param fanOut seconds until all have got one wake-up each, from the first post; 0 where it was not measured
     */
    record Result(String tls, int connections, double kilobytes, double storm, double fanOut) {}

    Result run(String tls, int senders) throws IOException, InterruptedException {
        var woken = new CountDownLatch(senders > 0 ? count : 0);
        var kilobytes = kilobytesEach();
        var begin = System.nanoTime();
        var connected = open(0, count, number -> woken.countDown());
        var storm = count / ((System.nanoTime() - begin) / 1e9);
        var fanOut = senders > 0 ? wakeAll(woken, senders) : 0;
        closeAll(connected);
        return new Result(tls, count, kilobytes, storm, fanOut);
    }

    /** The second half of the connections against the first: what is paid once, such as compiled code and buffers, is in both. */
    private double kilobytesEach() throws IOException, InterruptedException {
        var meter = new ProcessMeter(instance.pid());
        var all = open(0, count / 2, number -> {});
        instance.collect();
        var before = meter.residentMebibytes();
        all.addAll(open(count / 2, count, number -> {}));
        instance.collect();
        var kilobytes = (meter.residentMebibytes() - before) * 1048.576 / (count - count / 2);
        closeAll(all);
        return kilobytes;
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

    /** Connects the devices of these numbers. */
    private List<Transport.Receiver> open(int from, int to, Transport.Arrival arrival) throws InterruptedException {
        var opened = new ConcurrentLinkedQueue<Transport.Receiver>();
        var places = new Semaphore(atOnce);
        forAll(to - from, number -> {
            places.acquire();
            try {
                opened.add(transport.receiver(from + number, arrival));
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
