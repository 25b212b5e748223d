package org.domicile.local.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.Home;
import org.domicile.local.part.Part;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
    @TempDir
    Path folder;

    private Home home;
    private PidFiles pidFiles;
    private Supervisor supervisor;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @BeforeEach
    void prepare() {
        home = new Home(folder, folder.resolve("home"));
        home.prepare();
        pidFiles = new PidFiles(home.file("run"));
        supervisor = new Supervisor(home, new Starter(home, pidFiles), pidFiles, lines::add, 4);
    }

    @Test
    void parts_start_in_the_order_of_their_needs_and_stop_in_the_other() {
        supervisor.startAll(List.of(
                new ShellPart("postgres", List.of(), "touch up; sleep 600"),
                new ShellPart("keycloak", List.of("postgres"), "touch up; sleep 600")));

        assertEquals(
                List.of("postgres", "keycloak"),
                lines.stream().map(l -> l.strip().split(" ")[0]).toList());
        assertEquals(2, pidFiles.running().size());

        supervisor.stopAll();
        assertTrue(pidFiles.running().isEmpty());
    }

    @Test
    void a_part_that_crashes_is_named_with_its_reason_and_its_log() {
        var crashing = new ShellPart("cn-north-kafka", List.of(), "echo 'ERROR the disk: No space left'; exit 3");

        var failure = assertThrows(LocalFailure.class, () -> supervisor.startAll(List.of(crashing)));

        assertEquals(
                "cn-north-kafka ended with code 3 before it was ready (ERROR the disk: No space left). Log: "
                        + home.log("cn-north-kafka"),
                failure.getMessage());
    }

    @Test
    void what_needs_a_crashed_part_is_not_started() {
        var crashing = new ShellPart("kafka", List.of(), "exit 3");
        var dependant = new ShellPart("account", List.of("kafka"), "touch up; sleep 600");

        assertThrows(LocalFailure.class, () -> supervisor.startAll(List.of(crashing, dependant)));

        assertFalse(Files.exists(home.log("account")));
    }

    @Test
    void a_part_that_never_answers_is_given_up() {
        var deaf = new ShellPart("s3", List.of(), "sleep 600");

        var failure = assertThrows(LocalFailure.class, () -> supervisor.startAll(List.of(deaf)));
        supervisor.stopAll();

        assertTrue(failure.getMessage().startsWith("s3 was not ready after 2 s"));
    }

    /** A shell script that is ready when it made the file {@code up}. */
    private final class ShellPart implements Part {
        private final String name;
        private final List<String> needs;
        private final String script;

        ShellPart(String name, List<String> needs, String script) {
            this.name = name;
            this.needs = needs;
            this.script = script;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<String> needs() {
            return needs;
        }

        @Override
        public List<String> ports() {
            return List.of();
        }

        @Override
        public Launch prepare() {
            return new Launch(List.of("/bin/sh", "-c", script), Map.of(), home.folderOf("test", name));
        }

        @Override
        public boolean isReady() {
            return Files.exists(home.folderOf("test", name).resolve("up"));
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(2);
        }
    }
}
