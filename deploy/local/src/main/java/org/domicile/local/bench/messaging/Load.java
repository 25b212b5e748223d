package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.domicile.local.LocalFailure;

/** The same load for each system: messages to devices that are away, their forwarding, and messages to devices that are connected. */
final class Load {
    private static final long PATIENCE_SECONDS = 300;

    private final Transport transport;
    private final int devices;
    private final int senders;

    Load(Transport transport, int devices, int senders) {
        this.transport = transport;
        this.devices = devices;
        this.senders = senders;
    }

    /**
     * @param stored messages accepted per second for devices that are away
     * @param forwarded of these, per second, once the devices have come
     * @param online messages per second to connected devices, as many as there can be
     * @param p50 milliseconds from sending to the device's socket at half that rate
     */
    record Result(
            String name,
            String promise,
            double stored,
            double forwarded,
            double online,
            double half,
            double p50,
            double p99) {}

    Result run(int messages, int seconds) throws IOException, InterruptedException {
        var numbers = new AtomicLong();
        var stored = rate(messages, () -> {
            closedLoop(messages, numbers);
            transport.awaitStored(messages);
        });
        var receivers = new ArrayList<Transport.Receiver>();
        try {
            var arrived = new CountDownLatch(messages);
            var forwarded = rate(messages, () -> {
                connect(receivers, number -> arrived.countDown());
                await(arrived);
            });
            closeAll(receivers);
            var all = new CountDownLatch(messages);
            var first = numbers.get();
            connect(receivers, number -> {
                // what came before, and was acknowledged too late, may come again
                if (number >= first) {
                    all.countDown();
                }
            });
            var online = rate(messages, () -> {
                closedLoop(messages, numbers);
                await(all);
            });
            closeAll(receivers);
            var latencies = paced(receivers, numbers, online / 2, seconds);
            return new Result(
                    transport.name(),
                    transport.promise(),
                    stored,
                    forwarded,
                    online,
                    online / 2,
                    percentile(latencies, 0.50),
                    percentile(latencies, 0.99));
        } finally {
            closeAll(receivers);
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static double rate(int messages, Work work) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        work.run();
        return messages / ((System.nanoTime() - begin) / 1e9);
    }

    /** Each sender sends its next message when the last was accepted. */
    private void closedLoop(int messages, AtomicLong numbers) throws InterruptedException {
        var first = numbers.getAndAdd(messages);
        var next = new AtomicLong(first);
        everySender(sender -> {
            for (var number = next.getAndIncrement(); number < first + messages; number = next.getAndIncrement()) {
                sender.send((int) (number % devices), number);
            }
        });
    }

    /** Messages at fixed times, whatever the system does. @return milliseconds from the time to the arrival */
    private double[] paced(List<Transport.Receiver> receivers, AtomicLong numbers, double rate, int seconds)
            throws IOException, InterruptedException {
        var count = (int) (rate * seconds);
        var first = numbers.getAndAdd(count);
        var due = new long[count];
        var latency = new double[count];
        var arrived = new CountDownLatch(count);
        connect(receivers, number -> {
            var i = (int) (number - first);
            if (i >= 0) {
                latency[i] = (System.nanoTime() - due[i]) / 1e6;
                arrived.countDown();
            }
        });
        var begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        for (int i = 0; i < count; i++) {
            due[i] = begin + (long) (i / rate * 1e9);
        }
        var next = new AtomicLong();
        everySender(sender -> {
            for (var i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                var wait = due[(int) i] - System.nanoTime();
                if (wait > 0) {
                    TimeUnit.NANOSECONDS.sleep(wait);
                }
                sender.send((int) (i % devices), first + i);
            }
        });
        await(arrived);
        return latency;
    }

    private interface Sending {
        void run(Transport.Sender sender) throws IOException, InterruptedException;
    }

    private void everySender(Sending sending) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < senders; i++) {
                running.add(threads.submit(() -> {
                    try (var sender = transport.sender()) {
                        sending.run(sender);
                    }
                    return null;
                }));
            }
            for (var each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new LocalFailure(transport.name() + " failed: " + e.getCause().getMessage(), e);
        }
    }

    private void connect(List<Transport.Receiver> receivers, Transport.Arrival arrival) throws IOException {
        for (int i = 0; i < devices; i++) {
            receivers.add(transport.receiver(i, arrival));
        }
    }

    private static void closeAll(List<Transport.Receiver> receivers) throws IOException {
        for (var receiver : receivers) {
            receiver.close();
        }
        receivers.clear();
    }

    private void await(CountDownLatch arrived) throws InterruptedException {
        if (!arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new LocalFailure(transport.name() + " did not deliver " + arrived.getCount() + " messages within "
                    + PATIENCE_SECONDS + " s.");
        }
    }

    private static double percentile(double[] values, double part) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
    }
}
