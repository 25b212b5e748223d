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
import java.util.stream.IntStream;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;
import org.domicile.local.demo.Person;

/** Whether known and unknown identifiers can be told apart by the time of the answer, one request at a time, in random order. */
final class Timing {
    private static final int WARM_UP = 50;
    /** As messaging-service is set up. */
    private static final int LOOKUPS_A_DAY = 200;

    private final HttpClient http;
    private final Random random = new Random(11);
    private final String run = Long.toString(System.nanoTime(), 36);

    Timing(HttpClient http) {
        this.http = http;
    }

    /** A question about someone known, or about a name of the same length that nobody has. */
    private interface Question {
        HttpRequest about(String identifier, int number) throws IOException;
    }

    /** @param accounts how many are loaded; no identifier is asked for twice, so that no limit of its own shows */
    Map<String, RankTest> ofTheService(String url, int accounts, int samples) throws IOException, InterruptedException {
        var each = samples + WARM_UP;
        if (accounts < 2 * each) {
            throw new LocalFailure("Load at least twice as many accounts as samples.");
        }
        var tests = new LinkedHashMap<String, RankTest>();
        tests.put(
                "POST /v1/accounts",
                compare(
                        WARM_UP,
                        emails(0, each),
                        202,
                        (email, i) -> json(
                                url + "/v1/accounts",
                                "{\"market\":\"SG\",\"password\":\"Correct-horse-battery-9\",\"email\":\"" + email
                                        + "\"}")));
        tests.put(
                "POST /v1/discover",
                compare(
                        WARM_UP,
                        emails(each, 2 * each),
                        200,
                        (email, i) -> json(url + "/v1/discover", "{\"market\":\"SG\",\"email\":\"" + email + "\"}")));
        return tests;
    }

    /** A sign-in with a wrong password, by the identity provider of the stack. @param known each is asked once */
    RankTest ofSignIn(StackDescription.Region region, List<Person> known) throws IOException, InterruptedException {
        var url = region.issuer() + "/protocol/openid-connect/token";
        return compare(
                0, known.stream().map(person -> person.identifier().value()).toList(), 400, (name, i) -> post(
                                url,
                                "application/x-www-form-urlencoded",
                                "grant_type=password&scope=openid&client_id=" + region.clientId() + "&username="
                                        + URLEncoder.encode(name, StandardCharsets.UTF_8)
                                        + "&password=Wrong-horse-battery-9")
                        .build());
    }

    /** A lookup of someone who can take messages and does not want to be found. @param known look each other up, as often as a day allows */
    RankTest ofLookup(StackDescription.Region region, List<Person> known, int samples)
            throws IOException, InterruptedException {
        var asked = IntStream.range(0, Math.min(samples + WARM_UP, known.size() * LOOKUPS_A_DAY / 2))
                .mapToObj(i -> known.get(i % known.size()).identifier().value())
                .toList();
        return compare(WARM_UP, asked, 200, (email, i) -> {
            var asking = known.get((i + 1) % known.size()).session();
            return post(
                            region.messaging() + "/v1/directory/lookup",
                            "application/json",
                            "{\"email\":\"" + email + "\"}")
                    .header("Authorization", "Bearer " + asking.accessToken().reveal())
                    .build();
        });
    }

    /** @param warmUp how many of the first are asked for and not counted */
    private RankTest compare(int warmUp, List<String> known, int expected, Question question)
            throws IOException, InterruptedException {
        var times = new Times();
        for (int i = 0; i < known.size(); i++) {
            var order = random.nextBoolean();
            for (var isKnown : new boolean[] {order, !order}) {
                var identifier = isKnown ? known.get(i) : unknown(known.get(i), i);
                var time = time(question.about(identifier, i), expected);
                if (i >= warmUp) {
                    times.add(isKnown, time);
                }
            }
        }
        return times.test();
    }

    private static List<String> emails(int first, int end) {
        return IntStream.range(first, end).mapToObj(AccountGenerator::email).toList();
    }

    /** As long as the known one. */
    private String unknown(String known, int number) {
        var at = known.indexOf('@');
        var padded = "x".repeat(at) + run + number;
        return padded.substring(padded.length() - at) + known.substring(at);
    }

    private static HttpRequest json(String url, String body) {
        return post(url, "application/json", body).build();
    }

    private static HttpRequest.Builder post(String url, String type, String body) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
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
