package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.domicile.client.http.ProblemException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all client commands share: the options, the one way in which failures are told, and the exit codes. */
abstract class ClientCommand implements Callable<Integer> {
    static final int OK = 0;
    /** It failed; the reason is on standard error. */
    static final int FAILED = 1;
    /** It was done in part: some files could not be read, or are damaged. */
    static final int PARTLY = 3;

    static final ObjectMapper MAPPER = new ObjectMapper();

    @Spec
    CommandSpec spec;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "whose account; default: ${DEFAULT-VALUE}")
    String profile;

    @Option(names = "--json", description = "print JSON for scripts")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;

    /** Does the work. A failure's message is shown as it is. */
    abstract int run() throws IOException;

    @Override
    public final Integer call() {
        try {
            return run();
        } catch (UncheckedIOException e) {
            return fail(e.getCause());
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            return fail(e);
        }
    }

    private int fail(Exception failure) {
        String sentence = sentence(failure);
        if (json) {
            ObjectNode error = MAPPER.createObjectNode().put("error", sentence);
            if (failure instanceof ProblemException problem) {
                error.put("type", problem.type()).put("status", problem.status());
            }
            print(error);
        } else {
            PrintWriter err = spec.commandLine().getErr();
            err.println(sentence);
            err.flush();
        }
        return FAILED;
    }

    private static String sentence(Exception failure) {
        if (failure instanceof NoSuchFileException missing) {
            return "There is no " + missing.getFile() + ": check the path";
        }
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        if (failure instanceof ProblemException problem && problem.code().equals("consent-required")) {
            return message.replaceAll("\\.$", "") + ": switch it on with './domicile consent on FEATURE'";
        }
        return message;
    }

    Workplace workplace() {
        return new Workplace(Workplace.home(), profile, this::warn);
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    void say(String line) {
        if (!json) {
            out().println(line);
            out().flush();
        }
    }

    /** For the person, whatever the output is for. */
    void warn(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }

    void print(JsonNode node) {
        out().println(json ? node.toString() : node.toPrettyString());
        out().flush();
    }

    Prompt prompt() {
        return new Prompt(System.in, json ? spec.commandLine().getErr() : out());
    }

    ProgressPrinter progress(String verb) {
        return new ProgressPrinter(verb, json ? spec.commandLine().getErr() : out(), !json && Terminal.isInteractive());
    }

    /** A path as the person typed it, below the folder they stand in. */
    static Path path(String text) {
        return Path.of(text);
    }
}
