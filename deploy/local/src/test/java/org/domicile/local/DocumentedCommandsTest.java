package org.domicile.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.domicile.local.home.Home;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/** Every {@code ./domicile …} that a page tells somebody to type is one that the program takes, option by option. */
class DocumentedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\\n(.*?)```");
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:^|&& )\\s*\\./domicile ([^#&|>\\n]*)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    /** What the launcher does itself. */
    private static final Set<String> LAUNCHER = Set.of("build", "test", "help");

    @Test
    void what_pages_tell_to_type_is_understood() throws IOException {
        var wrong = new ArrayList<String>();
        var seen = 0;
        for (var page : pages()) {
            for (var command : commands(Files.readString(page))) {
                seen++;
                complaint(command)
                        .ifPresent(c -> wrong.add(page.getFileName() + ": " + String.join(" ", command) + ": " + c));
            }
        }

        assertTrue(seen > 20, "the commands were found");
        assertEquals(List.of(), wrong);
    }

    @Test
    void what_the_program_does_not_take_is_found() {
        var planted = commands("""
                ```sh
                ./domicile wave create --markt SG    # a word
                ./domicile snapshots && ./domicile explode
                ./domicile test -Dit.test=X
                ```
                """);

        assertEquals(
                List.of(List.of("wave", "create", "--markt", "SG"), List.of("snapshots"), List.of("explode")), planted);
        assertTrue(complaint(planted.get(0)).isPresent());
        assertTrue(complaint(planted.get(1)).isEmpty());
        assertTrue(complaint(planted.get(2)).isPresent());
    }

    private static List<Path> pages() throws IOException {
        var root = Home.locate().sources();
        try (var docs = Files.walk(root.resolve("docs"))) {
            return Stream.concat(Stream.of(root.resolve("README.md")), docs.filter(f -> f.toString()
                            .endsWith(".md")))
                    .sorted()
                    .toList();
        }
    }

    private static List<List<String>> commands(String page) {
        return BLOCK.matcher(page)
                .results()
                .flatMap(block -> COMMAND.matcher(block.group(1)).results())
                .map(command -> words(command.group(1)))
                .filter(words -> !LAUNCHER.contains(words.getFirst()))
                .toList();
    }

    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(w -> w.group(1) != null ? w.group(1) : w.group(2))
                .toList();
    }

    private static Optional<String> complaint(List<String> command) {
        try {
            Domicile.commandLine().parseArgs(command.toArray(String[]::new));
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(e.getMessage());
        }
    }
}
