package org.domicile.local.bench.account;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.domicile.local.LocalFailure;

/** The load generator: wrk, which takes little of the CPU that the servers share with it. */
final class Wrk {
    private static final String MARK = "RESULT ";
    private static final String READ = """
        local requests, n, i = {}, 0, 0
        function init(args)
          for line in io.lines(args[1]) do
            n = n + 1
            requests[n] = wrk.format("GET", nil, {["Authorization"] = "Bearer " .. line})
          end
        end
        function request()
          i = i % n + 1
          return requests[i]
        end
        """;
    private static final String SIGN_UP = """
        local i = 0
        local run = ""
        function init(args)
          run = args[1]
        end
        function request()
          i = i + 1
          local body = '{"market":"SG","password":"Correct-horse-battery-9","email":"s' .. i .. '.' .. run
            .. '@bench.example.org"}'
          return wrk.format("POST", nil, {["Content-Type"] = "application/json"}, body)
        end
        """;
    private static final String DONE = """
        function done(summary, latency, requests)
          local e = summary.errors
          io.write(string.format("RESULT %d %d %d %d %.0f %.0f\\n", summary.requests, summary.duration, e.status,
            e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99)))
        end
        """;

    private final Path script;
    private final String argument;

    private Wrk(Path script, String argument) {
        this.script = script;
        this.argument = argument;
    }

    /**
     * @param rate answers a second
     * @param p50 milliseconds; @param p99 milliseconds
     * @param failures answers that are no success, and requests without an answer
     */
    record Result(double rate, double p50, double p99, long failures) {}

    static void require() {
        var path = System.getenv().getOrDefault("PATH", "");
        if (Arrays.stream(path.split(":")).noneMatch(folder -> Files.isExecutable(Path.of(folder, "wrk")))) {
            throw new LocalFailure("This benchmark needs wrk: install it (apt-get install wrk).");
        }
    }

    /** Reads with each of the tokens in turn, a line each. */
    static Wrk reading(Path folder, Path tokens) throws IOException {
        return new Wrk(Files.writeString(folder.resolve("read.lua"), READ + DONE), tokens.toString());
    }

    /** Signs up with an e-mail address that nobody has, each time another. */
    static Wrk signingUp(Path folder) throws IOException {
        return new Wrk(
                Files.writeString(folder.resolve("sign-up.lua"), SIGN_UP + DONE), Long.toString(System.nanoTime(), 36));
    }

    Result run(String url, int connections, int seconds) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "10s",
                "-s",
                script.toString(),
                url,
                "--",
                argument));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output.lines()
                .filter(line -> line.startsWith(MARK))
                .findFirst()
                .map(line -> result(line.substring(MARK.length()).split(" ")))
                .orElseThrow(() -> new LocalFailure("wrk does not run: " + output));
    }

    /** Microseconds in, milliseconds out. */
    private static Result result(String[] n) {
        return new Result(
                Long.parseLong(n[0]) / (Long.parseLong(n[1]) / 1e6),
                Double.parseDouble(n[4]) / 1e3,
                Double.parseDouble(n[5]) / 1e3,
                Long.parseLong(n[2]) + Long.parseLong(n[3]));
    }
}
