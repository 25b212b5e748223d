package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.domicile.local.LocalFailure;
import org.domicile.local.bench.ProcessMeter;

/** Many devices that are connected and say nothing: what one costs, how fast all come back, how fast all are woken. */
final class Connections {
    private static final int AT_ONCE = 200;
    private static final long PATIENCE_SECONDS = 120;

    private final OwnInstance instance;
    private final PushTransport transport;
    private final int count;

    Connections(OwnInstance instance, PushTransport transport, int count) {
        this.instance = instance;
        this.transport = transport;
        this.count = count;
    }

    /**
     * @param kilobytes resident memory of one connection, kB (1,000 bytes)
     * @param storm connections per second, hello included, when all come back at once
     * @param fanOut seconds until all have got one wake-up each, from the first post; 0 where it was not measured
     */
    record Result(String tls, int connections, double kilobytes, double storm, double fanOut) {}

    Result run(String tls, int senders) throws IOException, InterruptedException {
        var meter = new ProcessMeter(instance.pid());
        var woken = new CountDownLatch(senders > 0 ? count : 0);
        // the code of a connection is loaded before memory is looked at
        closeAll(open(Math.min(AT_ONCE, count), number -> {}));
        instance.collect();
        var before = meter.residentMebibytes();
        closeAll(open(count, number -> {}));
        var begin = System.nanoTime();
        var connected = open(count, number -> woken.countDown());
        var storm = count / ((System.nanoTime() - begin) / 1e9);
        instance.collect();
        var kilobytes = (meter.residentMebibytes() - before) * 1048.576 / count;
        var fanOut = senders > 0 ? wakeAll(woken, senders) : 0;
        closeAll(connected);
        return new Result(tls, count, kilobytes, storm, fanOut);
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

    private List<Transport.Receiver> open(int wanted, Transport.Arrival arrival) throws InterruptedException {
        var opened = new AtomicReferenceArray<Transport.Receiver>(wanted);
        var places = new Semaphore(AT_ONCE);
        forAll(wanted, device -> {
            places.acquire();
            try {
                opened.set(device, transport.receiver(device, arrival));
            } finally {
                places.release();
            }
        });
        var all = new ArrayList<Transport.Receiver>();
        for (int i = 0; i < wanted; i++) {
            all.add(opened.get(i));
        }
        return all;
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
