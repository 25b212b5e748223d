package org.domicile.local.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;

/** What a person watching the demo sees: a line per step, with a mark when it held; progress in place on a terminal. */
public final class Screen {
    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintWriter out;
    private final boolean terminal;
    private final Instant begin = Instant.now();
    private boolean open;

    public Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void heading(String text) {
        settle();
        out.printf("%n%s%n", text);
        out.flush();
    }

    /** A statement that was checked and held. */
    void held(String format, Object... arguments) {
        settle();
        out.printf("  ✓ %s%n", format.formatted(arguments));
        out.flush();
    }

    /** Progress of the step under way: replaced by what comes next. Nothing where there is no terminal. */
    public void progress(String text) {
        if (terminal) {
            out.print(CLEAR_LINE + "  … " + text);
            out.flush();
            open = true;
        }
    }

    public void line(String text) {
        settle();
        out.println(text);
        out.flush();
    }

    Duration elapsed() {
        return Duration.between(begin, Instant.now());
    }

    private void settle() {
        if (open) {
            out.print(CLEAR_LINE);
            open = false;
        }
    }
}
