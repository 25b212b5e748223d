package org.domicile.client.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.domicile.client.restic.Progress;

/** Shows progress: a bar that redraws itself on a terminal, a plain line every few seconds elsewhere. */
final class ProgressPrinter implements Progress.Listener {
    private static final int WIDTH = 28;
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);

    private final String verb;
    private final PrintWriter out;
    private final boolean interactive;
    private Duration nextLine = LINE_INTERVAL;

    ProgressPrinter(String verb, PrintWriter out, boolean interactive) {
        this.verb = verb;
        this.out = out;
        this.interactive = interactive;
    }

    @Override
    public void progress(Progress progress) {
        if (interactive) {
            out.print("\r\u001b[K" + bar(progress) + " " + text(progress));
            out.flush();
        } else if (progress.elapsed().compareTo(nextLine) >= 0) {
            nextLine = progress.elapsed().plus(LINE_INTERVAL);
            out.println(verb + ": " + text(progress));
            out.flush();
        }
    }

    /** Ends the bar's line. */
    void done() {
        if (interactive) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }

    private static String bar(Progress progress) {
        double share = progress.totalBytes() == 0 ? 0 : (double) progress.doneBytes() / progress.totalBytes();
        int filled = (int) Math.round(share * WIDTH);
        return "[" + "█".repeat(filled) + " ".repeat(WIDTH - filled) + "]";
    }

    private static String text(Progress progress) {
        String left = progress.remaining()
                .map(time -> ", " + Text.duration(time) + " left")
                .orElse("");
        return String.format(
                Locale.ROOT,
                "%s of %s, %d of %d files, %s/s%s",
                Text.bytes(progress.doneBytes()),
                Text.bytes(progress.totalBytes()),
                progress.doneFiles(),
                progress.totalFiles(),
                Text.bytes(progress.rate()),
                left);
    }
}
