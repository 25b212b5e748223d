package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;

class ImagesTest {
    private static final Pattern FROM = Pattern.compile("(?m)^FROM (\\S+)");
    private static final Pattern USER = Pattern.compile("(?m)^USER (\\d+):(\\d+)$");
    private static final Pattern COPIED = Pattern.compile("/source/(deploy/images/\\S+?)(?= |$)");
    private static final Pattern COPIED_FROM_TARGET = Pattern.compile("(?m)^COPY .*?(deploy/\\S*/target/\\S+)");
    private static final Pattern OUTPUT =
            Pattern.compile("<project.build.outputTimestamp>([^<]+)</project.build.outputTimestamp>");
    private static final Pattern TOUCHED = Pattern.compile("touch -h -d @(\\d+)((?: /\\S+)+)");
    /** Before the cache is made. */
    private static final Pattern ALL_TOUCHED =
            Pattern.compile("(?s)find /app -exec touch -h -d @\\d+ \\{} \\+.*AOTCacheOutput");

    private static final Pattern WRITTEN = Pattern.compile("(cp (?!-a /app /image/)|mv |mkdir |> ?|=)/app");
    private static final Pattern TRAINED = Pattern.compile("(?m)^RUN java (.*?); test -s /app/app\\.aot$");
    private static final Pattern STARTED = Pattern.compile("(?m)^ENTRYPOINT \\[\"java\", (.*)]$");
    /** What may differ between the run that fills the cache and the start that uses it. */
    private static final Pattern OF_THE_RUN =
            Pattern.compile("-XX:AOTCache(Output)?=/app/app\\.aot|-Dquarkus\\.config\\.locations=\\S+|-Xmx\\d{1,4}m");

    private final Sources sources = Sources.here();

    @Test
    void the_cache_is_filled_with_the_options_of_the_start() {
        assertEquals(List.of(), ofCache(sources.read("deploy/images/Containerfile.jvm")));
        assertTrue(sources.read("deploy/images/java.options")
                .lines()
                .noneMatch(o -> o.startsWith("-XX:AOT") || o.startsWith("-Xmx")));
    }

    @Test
    void a_cache_that_the_start_would_refuse_is_found() {
        var jvm = sources.read("deploy/images/Containerfile.jvm");

        assertEquals(
                List.of("starts with other options than the cache was filled with."),
                ofCache(jvm.replace("[\"java\", ", "[\"java\", \"-XX:+UseZGC\", ")));
        assertEquals(
                List.of("starts with other options than the cache was filled with."),
                ofCache(jvm.replace("RUN java @/app/java.options ", "RUN java ")));
        assertEquals(List.of("fills the cache with a heap of any size."), ofCache(jvm.replace(" -Xmx384m ", " ")));
        assertEquals(
                List.of("does not keep the options."),
                ofCache(jvm.replace("cp deploy/images/java.options /app/", "true")));
    }

    @Test
    void bases_are_arguments_and_the_process_is_nobody() {
        var files = List.of("jvm", "native", "keycloak").stream()
                .map(name -> "deploy/images/Containerfile." + name)
                .toList();
        var wrong = new ArrayList<String>();
        for (var file : files) {
            wrong.addAll(violations(file, sources.read(file)));
        }

        assertEquals(List.of(), wrong);
    }

    @Test
    void a_base_by_name_and_root_are_found() {
        assertEquals(
                List.of("x: debian:latest is not an argument.", "x: the last USER is not a number above 0."),
                violations("x", "FROM debian:latest\nUSER root\n"));
    }

    @Test
    void a_service_ends_by_a_signal_says_what_it_is_made_of_and_has_one_time() {
        for (var name : List.of("jvm", "native")) {
            assertEquals(List.of(), ofService(sources.read("deploy/images/Containerfile." + name)), name);
        }
    }

    @Test
    void what_is_missing_or_written_too_late_is_found() {
        var jvm = sources.read("deploy/images/Containerfile.jvm");
        var executable = sources.read("deploy/images/Containerfile.native");

        assertEquals(List.of("is not told to end by SIGTERM."), ofService(jvm.replace("STOPSIGNAL SIGTERM\n", "")));
        assertEquals(
                List.of("does not keep the list of what it is made of."),
                ofService(executable.replace("target/sbom.json", "target/other.json")));
        assertEquals(
                List.of("has files of another time."), ofService(executable.replace("/app/sbom.json /app ", "/app ")));
        assertEquals(
                List.of("has files of another time."),
                ofService(jvm.replace("touch -h -d @1795305600 /app/app.aot", "touch -h -d @1795305601 /app/app.aot")));
        assertEquals(
                List.of("is written to after its files were given their time."),
                ofService(jvm.replace(" /app/app.aot /app &&", " /app/app.aot /app && date > /app/built &&")));
        assertEquals(
                List.of("has files of another time."),
                ofService(jvm.replace("touch -h -d @1795305600 /app/app.aot /app &&", "true &&")));
        assertEquals(
                List.of("touches jars whose times the cache knows."),
                ofService(jvm.replace(" /app/app.aot /app &&", " /app/app.aot /app/lib /app &&")));
        assertEquals(List.of("gives /app the time of the build."), ofService(jvm.replace("/image /\n", "/app /app\n")));
    }

    @Test
    void the_builder_is_given_the_sources_and_no_more() {
        var ignored = sources.read(".dockerignore").lines().toList();
        assertEquals(List.of(".git", ".domicile", "**/target"), ignored.subList(0, 3));
        var kept = ignored.subList(3, ignored.size());
        assertEquals(List.of("!deploy/keycloak/target/domicile-keycloak-*.jar"), kept);

        var copied = COPIED_FROM_TARGET.matcher(sources.read("deploy/images/Containerfile.keycloak"));
        assertTrue(copied.find());
        assertTrue(copied.group(1)
                .matches(kept.getFirst().substring(1).replace(".", "\\.").replace("*", "[^/]*")));
    }

    @Test
    void options_of_one_service_follow_those_of_all_and_leave_the_heap_to_the_pod() {
        assertTrue(sources.read("deploy/images/Containerfile.jvm")
                .contains("cat deploy/images/${SERVICE}.options >> /app/java.options"));

        var messaging = sources.read("deploy/images/messaging-service.options");
        assertTrue(messaging.lines().anyMatch("-Xmn48m"::equals));
        assertTrue(messaging.lines().noneMatch(o -> o.startsWith("-Xmx") || o.startsWith("-XX:AOT")));
    }

    @Test
    void what_the_build_reads_is_there() {
        var copied = COPIED.matcher(sources.read("deploy/images/Containerfile.jvm"));
        assertTrue(copied.find());
        assertTrue(sources.read(copied.group(1)).contains("domicile.region=training"));
    }

    /** Of the file of a service's image. */
    private List<String> ofService(String text) {
        var wrong = new ArrayList<String>();
        if (!text.contains("\nSTOPSIGNAL SIGTERM\n")) {
            wrong.add("is not told to end by SIGTERM.");
        }
        if (!text.contains("-Dsbom ") || !text.contains("cp ${SERVICE}/target/sbom.json /app/")) {
            wrong.add("does not keep the list of what it is made of.");
        }
        var times = TOUCHED.matcher(text).results().toList();
        var time = String.valueOf(Instant.parse(OUTPUT.matcher(sources.read("pom.xml"))
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group(1))
                .getEpochSecond());
        var touched = times.stream()
                .map(t -> t.group(2))
                .flatMap(names -> Arrays.stream(names.strip().split(" ")))
                .toList();
        var isTrained = text.contains("AOTCacheOutput");
        var needed = isTrained ? List.of("/app/app.aot", "/app") : List.of("/app/service", "/app/sbom.json", "/app");
        if (times.stream().anyMatch(t -> !t.group(1).equals(time))
                || !touched.containsAll(needed)
                || isTrained && !ALL_TOUCHED.matcher(text).find()) {
            wrong.add("has files of another time.");
        } else if (WRITTEN.matcher(text.substring(times.getLast().end(), text.lastIndexOf("FROM ")))
                .find()) {
            wrong.add("is written to after its files were given their time.");
        }
        if (isTrained && !touched.stream().allMatch(needed::contains)) {
            wrong.add("touches jars whose times the cache knows.");
        }
        if (!text.contains("\nCOPY --from=build --chown=0:0 /image /\n")
                || !text.contains("mkdir /image && cp -a /app /image/\n")) {
            wrong.add("gives /app the time of the build.");
        }
        return wrong;
    }

    private static List<String> ofCache(String text) {
        var trained = TRAINED.matcher(text);
        var started = STARTED.matcher(text);
        assertTrue(trained.find() && started.find(), "both runs were found");
        var filled = List.of(trained.group(1).split(" "));
        var used = List.of(started.group(1).replace("\"", "").split(", "));
        var wrong = new ArrayList<String>();
        if (!shared(filled).equals(shared(used))) {
            wrong.add("starts with other options than the cache was filled with.");
        }
        if (filled.stream().noneMatch(o -> o.startsWith("-Xmx"))) {
            wrong.add("fills the cache with a heap of any size.");
        }
        if (!text.contains("cp deploy/images/java.options /app/")) {
            wrong.add("does not keep the options.");
        }
        return wrong;
    }

    private static List<String> shared(List<String> options) {
        return options.stream().filter(o -> !OF_THE_RUN.matcher(o).matches()).toList();
    }

    private static List<String> violations(String file, String text) {
        var wrong = new ArrayList<String>();
        var from = FROM.matcher(text);
        while (from.find()) {
            if (!from.group(1).matches("\\$\\{\\w+}")) {
                wrong.add(file + ": " + from.group(1) + " is not an argument.");
            }
        }
        var users = USER.matcher(text).results().toList();
        if (users.isEmpty() || users.getLast().group(1).equals("0")) {
            wrong.add(file + ": the last USER is not a number above 0.");
        }
        return wrong;
    }
}
