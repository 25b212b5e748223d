package org.domicile.local.bench.account;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.domicile.local.LocalFailure;

/** Sign-ups beside their limit: the password's Argon2id alone, with the same parameters, on all CPUs. And where the time goes. */
final class SignUps {
    /** Those of the service, which are Keycloak's. */
    private static final int ITERATIONS = 5;

    private static final int MEMORY_KIB = 7168;
    private static final int WARM_UP_SECONDS = 8;
    private static final int WARM_UPS = 12;
    private static final double FASTER = 1.1;
    private static final int METHODS = 8;

    private final int seconds;

    SignUps(int seconds) {
        this.seconds = seconds;
    }

    /**
     * @param rate sign-ups a second
     * @param argon2 hashes a second on all CPUs, the mean of before and after
     * @param methods where the service's threads were: method → share of the samples
     * @param profile the recording (JFR)
     */
    record Result(double rate, double p50, double p99, double argon2, Map<String, Double> methods, String profile) {
        double ratio() {
            return rate / argon2;
        }
    }

    Result run(OwnInstance instance, Path folder, Path recording) throws IOException, InterruptedException {
        var url = instance.url() + "/v1/accounts";
        var connections = 4 * Runtime.getRuntime().availableProcessors();
        warmUp(Wrk.signingUp(folder), url, connections);
        hashes(WARM_UP_SECONDS);
        var before = hashes(seconds);
        OwnInstance.jcmd(instance.pid(), "JFR.start", "name=bench", "settings=profile");
        var result = check(Wrk.signingUp(folder).run(url, connections, seconds));
        OwnInstance.jcmd(instance.pid(), "JFR.dump", "name=bench", "filename=" + recording);
        OwnInstance.jcmd(instance.pid(), "JFR.stop", "name=bench");
        var after = hashes(seconds);
        return new Result(
                result.rate(),
                result.p50(),
                result.p99(),
                (before + after) / 2,
                methods(recording),
                recording.toString());
    }

    /** Until it is hardly faster than the time before. */
    private static void warmUp(Wrk load, String url, int connections) throws IOException, InterruptedException {
        var before = 0.0;
        for (int i = 0; i < WARM_UPS; i++) {
            var rate = check(load.run(url, connections, WARM_UP_SECONDS)).rate();
            if (rate < before * FASTER) {
                return;
            }
            before = rate;
        }
    }

    private static double hashes(int seconds) throws InterruptedException {
        var done = new LongAdder();
        var begin = System.nanoTime();
        var end = begin + Duration.ofSeconds(seconds).toNanos();
        try (var workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                workers.submit(() -> {
                    while (System.nanoTime() < end) {
                        hash();
                        done.increment();
                    }
                });
            }
        }
        return done.sum() / ((System.nanoTime() - begin) / 1e9);
    }

    private static void hash() {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withIterations(ITERATIONS)
                .withMemoryAsKB(MEMORY_KIB)
                .withParallelism(1)
                .withSalt(new byte[16])
                .build());
        generator.generateBytes("Correct-horse-battery-9".toCharArray(), new byte[32]);
    }

    /** The methods on top of the stacks of running threads, most frequent first. */
    private static Map<String, Double> methods(Path recording) throws IOException {
        var counts = new HashMap<String, Integer>();
        var all = 0;
        try (var file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                var event = file.readEvent();
                if (event.getEventType().getName().equals("jdk.ExecutionSample") && event.getStackTrace() != null) {
                    counts.merge(name(event.getStackTrace().getFrames().getFirst()), 1, Integer::sum);
                    all++;
                }
            }
        }
        var total = Math.max(1, all);
        var top = new LinkedHashMap<String, Double>();
        counts.entrySet().stream()
                .sorted(Collections.reverseOrder(Map.Entry.comparingByValue()))
                .limit(METHODS)
                .forEach(entry -> top.put(entry.getKey(), entry.getValue() / (double) total));
        return top;
    }

    private static String name(RecordedFrame frame) {
        var type = frame.getMethod().getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "."
                + frame.getMethod().getName();
    }

    private static Wrk.Result check(Wrk.Result result) {
        if (result.failures() > 0) {
            throw new LocalFailure(result.failures() + " sign-ups were not answered with 202.");
        }
        return result;
    }
}
