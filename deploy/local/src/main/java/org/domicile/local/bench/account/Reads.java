package org.domicile.local.bench.account;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.domicile.local.LocalFailure;
import org.domicile.local.bench.ProcessMeter;

/** {@code GET /v1/me} and the bare route, one after the other, again and again. */
final class Reads {
    private static final int WARM_UP_SECONDS = 8;
    /** Times, at most, until neither side is a tenth faster than the time before. */
    private static final int WARM_UPS = 12;

    private static final double FASTER = 1.1;

    private final Wrk load;
    private final int connections;
    private final int seconds;
    private final int rounds;

    Reads(Path folder, Path tokens, int connections, int seconds, int rounds) throws IOException {
        this.load = Wrk.reading(folder, tokens);
        this.connections = connections;
        this.seconds = seconds;
        this.rounds = rounds;
    }

    /**
     * One server.
     *
     * @param rates answers a second, one number a round
     * @param p50 median of the rounds, milliseconds, as is {@code p99}
     * @param cpuMillis of the server's CPU for one answer
     * @param memoryBefore resident MiB after warming up; @param memoryAfter after all rounds
     */
    record Server(
            List<Double> rates, double p50, double p99, double cpuMillis, double memoryBefore, double memoryAfter) {
        double rate() {
            return RankTest.percentile(rates, 50);
        }
    }

    /** @param ratio median of the rounds' ratios of rates */
    record Result(Server service, Server bare, double ratio) {
        static final double BAR = 0.7;
    }

    private static final class Side {
        private final String url;
        private final long pid;
        private final List<Double> rates = new ArrayList<>();
        private final List<Double> p50s = new ArrayList<>();
        private final List<Double> p99s = new ArrayList<>();
        private double cpu;
        private double answers;
        private double memoryBefore;
        private double warm;

        Side(String url, long pid) {
            this.url = url + "/v1/me";
            this.pid = pid;
        }

        Server result() throws IOException, InterruptedException {
            return new Server(
                    rates,
                    RankTest.percentile(p50s, 50),
                    RankTest.percentile(p99s, 50),
                    cpu * 1e3 / answers,
                    memoryBefore,
                    OwnInstance.memory(pid));
        }
    }

    Result run(String service, long servicePid, String bare, long barePid) throws IOException, InterruptedException {
        var own = new Side(service, servicePid);
        var other = new Side(bare, barePid);
        warmUp(List.of(own, other));
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            // each goes first in every other round
            for (var side : round % 2 == 0 ? List.of(own, other) : List.of(other, own)) {
                measure(side);
            }
            ratios.add(own.rates.getLast() / other.rates.getLast());
        }
        return new Result(own.result(), other.result(), RankTest.percentile(ratios, 50));
    }

    private void warmUp(List<Side> sides) throws IOException, InterruptedException {
        var faster = true;
        for (int time = 0; time < WARM_UPS && faster; time++) {
            faster = false;
            for (var side : sides) {
                var rate =
                        check(load.run(side.url, connections, WARM_UP_SECONDS)).rate();
                faster |= rate > side.warm * FASTER;
                side.warm = rate;
            }
        }
        for (var side : sides) {
            side.memoryBefore = OwnInstance.memory(side.pid);
        }
    }

    private void measure(Side side) throws IOException, InterruptedException {
        var meter = new ProcessMeter(side.pid);
        var before = meter.cpuSeconds();
        var result = check(load.run(side.url, connections, seconds));
        side.cpu += meter.cpuSeconds() - before;
        side.answers += result.rate() * seconds;
        side.rates.add(result.rate());
        side.p50s.add(result.p50());
        side.p99s.add(result.p99());
    }

    private static Wrk.Result check(Wrk.Result result) {
        if (result.failures() > 0) {
            throw new LocalFailure(result.failures() + " reads were not answered with 200.");
        }
        return result;
    }
}
