package org.domicile.local.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.domicile.local.home.Home;
import org.domicile.local.process.Memory;
import org.domicile.local.process.PidFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What runs; exit code 0 if a whole stack does, 3 if none or only parts of one. */
@Command(name = "status", description = "Show what runs.", mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
    private static final int NOT_RUNNING = 3;

    @Option(names = "--json", description = "For scripts.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** One process of the stack. */
    record Row(String part, long pid, long megabytes, String log) {}

    @Override
    public Integer call() throws JsonProcessingException {
        var home = Home.locate();
        var rows = rows(home);
        var up = Files.exists(home.stackFile())
                && rows.stream().anyMatch(r -> r.part().equals(PidFiles.LAUNCHER));
        var state = up
                ? "running"
                : rows.isEmpty()
                        ? "stopped"
                        : rows.stream().anyMatch(r -> r.part().equals(PidFiles.LAUNCHER)) ? "starting" : "abandoned";
        if (json) {
            var answer = new LinkedHashMap<String, Object>();
            answer.put("state", state);
            answer.put("home", home.folder().toString());
            answer.put("megabytes", rows.stream().mapToLong(Row::megabytes).sum());
            answer.put("parts", rows);
            spec.commandLine().getOut().println(new ObjectMapper().writeValueAsString(answer));
        } else {
            print(home, state, rows);
        }
        return up ? 0 : NOT_RUNNING;
    }

    private void print(Home home, String state, List<Row> rows) {
        var out = spec.commandLine().getOut();
        switch (state) {
            case "stopped" -> out.println("No stack is running in " + home.folder() + ": ./domicile up starts one.");
            case "abandoned" ->
                out.println("The launcher is gone and left these behind; ./domicile up or down ends them:");
            case "starting" -> out.println("The stack is starting or stopping:");
            default -> out.println("The stack is running:");
        }
        rows.forEach(r -> out.printf("  %-24s process %7d  %5d MB%n", r.part(), r.pid(), r.megabytes()));
        if (!rows.isEmpty()) {
            out.printf(
                    "  %-24s %22d MB%n",
                    "together", rows.stream().mapToLong(Row::megabytes).sum());
        }
    }

    private static List<Row> rows(Home home) {
        var rows = new ArrayList<Row>();
        new PidFiles(home.file("run"))
                .running()
                .forEach((part, process) -> rows.add(new Row(
                        part,
                        process.pid(),
                        Memory.residentMegabytes(process),
                        home.log(part).toString())));
        return rows;
    }
}
