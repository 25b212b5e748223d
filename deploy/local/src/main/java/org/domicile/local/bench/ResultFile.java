package org.domicile.local.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.domicile.local.demo.Screen;

/** Results of a benchmark of several phases: written after each of them, and shown in the end even if a later one failed. */
public final class ResultFile<R> {
    private final Path file;
    private final Function<R, String> table;
    private R last;

    public ResultFile(Path file, Function<R, String> table) throws IOException {
        this.file = file;
        this.table = table;
        Files.createDirectories(file.toAbsolutePath().getParent());
    }

    /** Takes what there is after a phase. */
    public interface Results<R> {
        void soFar(R results) throws IOException;
    }

    /** Measures. */
    public interface Phases<R> {
        void run(Results<R> results) throws Exception;
    }

    /** @param json where the results are printed as JSON; null = a table on the screen */
    public void keep(Phases<R> phases, Screen screen, PrintWriter json) throws Exception {
        try {
            phases.run(results -> {
                last = results;
                Files.writeString(file, text());
            });
        } finally {
            if (last != null && json != null) {
                json.println(text());
            } else if (last != null) {
                screen.line(table.apply(last));
                screen.line("Written to " + file);
            }
        }
    }

    private String text() throws IOException {
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(last);
    }
}
