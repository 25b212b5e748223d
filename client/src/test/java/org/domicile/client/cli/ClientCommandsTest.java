package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ClientCommandsTest {
    @TempDir
    Path temporary;

    @ParameterizedTest
    @MethodSource("leaves")
    void every_command_explains_itself_with_an_example(List<String> command) {
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(command);
        arguments.add("--help");

        int code = line(out).execute(arguments.toArray(String[]::new));

        assertEquals(0, code);
        assertTrue(out.toString().contains("Example: ./domicile " + String.join(" ", command)), out.toString());
    }

    @Test
    void a_failure_is_one_sentence_and_an_exit_code() {
        StringWriter out = new StringWriter();

        int code = line(out).execute("snapshots", "--profile", "nobody-has-this");

        assertEquals(1, code);
        assertEquals(1, out.toString().lines().count(), out.toString());
        assertTrue(out.toString().contains("account create"), out.toString());
    }

    @Test
    void a_group_without_a_command_says_which_there_are() {
        StringWriter out = new StringWriter();

        assertEquals(2, line(out).execute("consent"));
        assertTrue(out.toString().contains("on, off, list"), out.toString());
    }

    @Test
    void a_profile_is_kept_for_its_owner_only() throws Exception {
        ProfileStore store = new ProfileStore(temporary);
        Profile profile = new Profile();
        profile.accountId = "a";
        profile.device = new Profile.DeviceKey("d", "hunter2");

        store.save("default", profile);

        Path file = temporary.resolve("profiles/default.json");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("hunter2", store.load("default").device.secret());
        assertFalse(store.load("default").device.toString().contains("hunter2"));
        assertThrows(IllegalArgumentException.class, () -> store.exists("../evil"));
    }

    static Stream<List<String>> leaves() {
        return leaves(List.of(), line(new StringWriter()));
    }

    private static Stream<List<String>> leaves(List<String> path, CommandLine line) {
        if (line.getSubcommands().isEmpty()) {
            return Stream.of(path);
        }
        return line.getSubcommands().entrySet().stream().flatMap(entry -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(entry.getKey());
            return leaves(longer, entry.getValue());
        });
    }

    private static CommandLine line(StringWriter out) {
        CommandLine line =
                new CommandLine(CommandLine.Model.CommandSpec.create().name("domicile"));
        ClientCommands.commands().forEach(line::addSubcommand);
        return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    }
}
