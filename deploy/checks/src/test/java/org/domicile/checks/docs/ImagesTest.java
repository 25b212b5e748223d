package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;

class ImagesTest {
    private static final Pattern FROM = Pattern.compile("(?m)^FROM (\\S+)");
    private static final Pattern USER = Pattern.compile("(?m)^USER (\\d+):(\\d+)$");
    private static final Pattern COPIED = Pattern.compile("/source/(deploy/images/\\S+?)(?= |$)");
    private final Sources sources = Sources.here();

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
    void what_the_build_reads_is_there() {
        var copied = COPIED.matcher(sources.read("deploy/images/Containerfile.jvm"));
        assertTrue(copied.find());
        assertTrue(sources.read(copied.group(1)).contains("domicile.region=training"));
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
