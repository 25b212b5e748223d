package org.domicile.messaging.testing;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.domicile.client.cli.ClientCommands;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.testing.TestTokens;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** A computer that is somebody's device: the command line, in processes of its own, over TLS with the test's authority. */
public final class CommandLineDevice {
    private static final String REGION = "here";

    private final Path home;

    /** @param home where it keeps what it knows; @param owner what they call themselves; @param messaging its service of the home region */
    public CommandLineDevice(Path home, TestDevice device, String owner, URI messaging) {
        this.home = home;
        var region = new JsonObject().put("issuer", "https://localhost:1").put("messaging", messaging.toString());
        write(
                "stack.json",
                new JsonObject()
                        .put("ca", Tls.authority().toAbsolutePath().toString())
                        .put("push", SmallLimits.PUSH_ORIGIN)
                        .put("regions", new JsonObject().put(REGION, region)));
        write(
                "profiles/default.json",
                new JsonObject()
                        .put("accountId", device.account().toString())
                        .put("identifier", owner)
                        .put("homeRegion", REGION)
                        .put(
                                "device",
                                new JsonObject().put("id", device.id().value()).put("secret", device.secret()))
                        .put(
                                "tokens",
                                new JsonObject()
                                        .put("access", TestTokens.owner(device.account()))
                                        .put("expires", "2100-01-01T00:00:00Z")));
    }

    /** A command that runs. */
    public record Running(Process process, BufferedReader output) {
        /** The next line that it prints. */
        public String line() {
            try {
                return output.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What else it prints until it ends, which must be well. */
        public List<String> end() {
            try {
                var lines = new ArrayList<String>();
                for (var line = output.readLine(); line != null; line = output.readLine()) {
                    lines.add(line);
                }
                if (process.onExit().orTimeout(1, TimeUnit.MINUTES).join().exitValue() != 0) {
                    throw new AssertionError("the command failed; it said: " + lines);
                }
                return lines;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public Running start(String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                CommandLineDevice.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("DOMICILE_HOME", home.toString());
        try {
            var process = builder.start();
            return new Running(process, process.inputReader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String... arguments) {
        var line = new CommandLine(CommandSpec.create().name("domicile"));
        ClientCommands.commands().forEach(line::addSubcommand);
        System.exit(line.execute(arguments));
    }

    private void write(String name, JsonObject content) {
        try {
            var file = home.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content.encode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
