package org.domicile.client.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;

/** Asks whoever is at the other end of standard input: a person, or a script. */
final class Prompt {
    private final BufferedReader input;
    private final PrintWriter out;

    Prompt(InputStream input, PrintWriter out) {
        this.input = new BufferedReader(new InputStreamReader(input, Charset.defaultCharset()));
        this.out = out;
    }

    /** @throws CommandException when no answer comes */
    String line(String question) throws IOException {
        out.print(question + " ");
        out.flush();
        String answer = input.readLine();
        if (answer == null || answer.isBlank()) {
            throw new CommandException(
                    "No answer came: run it again and answer, or pass the answers on standard input");
        }
        return answer.strip();
    }

    boolean yes(String question) throws IOException {
        return line(question + " (yes/no)").toLowerCase(Locale.ROOT).startsWith("y");
    }

    /** All lines up to an empty one or the end. */
    String paragraph(String question) throws IOException {
        StringBuilder text = new StringBuilder(line(question));
        for (String next = next(); next != null && !next.isBlank(); next = next()) {
            text.append(' ').append(next);
        }
        return text.toString();
    }

    private String next() throws IOException {
        return input.ready() ? input.readLine() : null;
    }
}
