package org.domicile.client.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.domicile.client.restic.RestServer;
import picocli.CommandLine;

/** The command line in a process of its own, with a profile whose repository is at a {@link RestServer}. */
final class CommandLineProcess {
    private final Path home;
    private final List<String> options;

    /** @param options of the JVM */
    CommandLineProcess(Path home, RestServer server, String... options) throws IOException {
        this(home, server.port(), server.port(), options);
    }

    /** @param account port of the account service */
    CommandLineProcess(Path home, int backup, int account, String... options) throws IOException {
        this.home = home;
        this.options = List.of(options);
        Files.createDirectories(home.resolve("profiles"));
        Files.createFile(home.resolve("ca.pem"));
        Files.writeString(
                home.resolve("stack.json"),
                "{'ca':'ca.pem','backup':'%1$s','push':'%1$s','regions':{'here':{'issuer':'%2$s','account':'%2$s','backup':'%1$s','messaging':'%2$s'}}}"
                        .formatted("http://localhost:" + backup, "http://localhost:" + account)
                        .replace('\'', '"'));
        profile("default", ",'repository':{'name':'main','password':'secret'}");
    }

    /** A profile that is signed in and has a device; more fields may follow. */
    void profile(String name, String more) throws IOException {
        Files.writeString(
                home.resolve("profiles/" + name + ".json"),
                ("{'accountId':'a','homeRegion':'here','device':{'id':'device','secret':'secret'},"
                                + "'tokens':{'access':'token','expires':'2100-01-01T00:00:00Z'}" + more + "}")
                        .replace('\'', '"'));
    }

    record Result(int code, String output) {}

    Process start(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CommandLineProcess.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DOMICILE_HOME", home.toString());
        return builder.start();
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        return answer("", arguments);
    }

    /** @param input what is typed */
    Result answer(String input, String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        try (OutputStream typed = process.getOutputStream()) {
            typed.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    public static void main(String... arguments) {
        CommandLine line =
                new CommandLine(CommandLine.Model.CommandSpec.create().name("domicile"));
        ClientCommands.commands().forEach(line::addSubcommand);
        System.exit(line.execute(arguments));
    }
}
