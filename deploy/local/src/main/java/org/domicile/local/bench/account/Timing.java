package org.domicile.local.bench.account;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;

/** Whether known and unknown identifiers can be told apart by the time of the answer, one request at a time, in random order. */
final class Timing {
    private static final int WARM_UP = 50;

    private final HttpClient http;
    private final Random random = new Random(11);
    private final String run = Long.toString(System.nanoTime(), 36);

    Timing(HttpClient http) {
        this.http = http;
    }

    /** @param accounts how many are loaded; no identifier is asked for twice, so that no limit of its own shows */
    Map<String, RankTest> ofTheService(String url, int accounts, int samples) throws IOException, InterruptedException {
        if (accounts < 2 * (samples + WARM_UP)) {
            throw new LocalFailure("Load at least twice as many accounts as samples.");
        }
        var tests = new LinkedHashMap<String, RankTest>();
        tests.put(
                "POST /v1/accounts",
                compare(
                        samples,
                        202,
                        0,
                        email -> json(
                                url + "/v1/accounts",
                                "{\"market\":\"SG\",\"password\":\"Correct-horse-battery-9\",\"email\":\"" + email
                                        + "\"}")));
        tests.put(
                "POST /v1/discover",
                compare(
                        samples,
                        200,
                        samples + WARM_UP,
                        email -> json(url + "/v1/discover", "{\"market\":\"SG\",\"email\":\"" + email + "\"}")));
        return tests;
    }

    /** A sign-in with a wrong password, by the identity provider of the stack. @param known e-mail addresses with an account, each asked once */
    RankTest ofSignIn(StackDescription.Region region, List<String> known) throws IOException, InterruptedException {
        var uri = URI.create(region.issuer() + "/protocol/openid-connect/token");
        var times = new Times();
        for (int i = 0; i < known.size(); i++) {
            var order = random.nextBoolean();
            for (var isKnown : new boolean[] {order, !order}) {
                var name = isKnown ? known.get(i) : unknown(i);
                var form = "grant_type=password&scope=openid&client_id=" + region.clientId() + "&username="
                        + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&password=Wrong-horse-battery-9";
                var request = HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build();
                times.add(isKnown, time(request, 400));
            }
        }
        return times.test();
    }

    private RankTest compare(int samples, int expected, int first, Function<String, HttpRequest> request)
            throws IOException, InterruptedException {
        var times = new Times();
        for (int i = 0; i < samples + WARM_UP; i++) {
            var order = random.nextBoolean();
            for (var isKnown : new boolean[] {order, !order}) {
                var email = isKnown ? AccountGenerator.email(first + i) : unknown(first + i);
                var time = time(request.apply(email), expected);
                if (i >= WARM_UP) {
                    times.add(isKnown, time);
                }
            }
        }
        return times.test();
    }

    /** As long as a known one. */
    private String unknown(int number) {
        var known = AccountGenerator.email(number);
        var padded = "x".repeat(known.indexOf('@')) + run + number;
        return padded.substring(padded.length() - known.indexOf('@')) + known.substring(known.indexOf('@'));
    }

    private static HttpRequest json(String url, String body) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private double time(HttpRequest request, int expected) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        var answer = http.send(request, BodyHandlers.ofString());
        var time = (System.nanoTime() - begin) / 1e6;
        if (answer.statusCode() != expected) {
            throw new LocalFailure(request.uri() + " was answered with " + answer.statusCode() + ", not " + expected
                    + ": " + answer.body());
        }
        return time;
    }

    private static final class Times {
        private final List<Double> known = new ArrayList<>();
        private final List<Double> unknown = new ArrayList<>();

        void add(boolean isKnown, double time) {
            (isKnown ? known : unknown).add(time);
        }

        RankTest test() {
            return RankTest.of(known, unknown);
        }
    }
}
