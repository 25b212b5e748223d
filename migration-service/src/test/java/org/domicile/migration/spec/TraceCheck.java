package org.domicile.migration.spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Asks TLC whether AccountMove.tla allows what one region's directory row went through: a behaviour of the model in which this
 * region's row takes exactly these values, whatever else happens.
 */
public final class TraceCheck {
    private static final Path MODEL = Path.of("spec", "AccountMove.tla").toAbsolutePath();
    private static final int SPARE_EPOCHS = 1;

    private TraceCheck() {}

    /** A value of the row; {@code home} is S or T. */
    public record Row(String home, long epoch, String state, long shadowEpoch) {
        String tla() {
            var name = state.charAt(0) + state.substring(1).toLowerCase(Locale.ROOT);
            return "[home |-> \"%s\", epoch |-> %d, st |-> \"%s\", sh |-> %d]"
                    .formatted(home, epoch, name, shadowEpoch);
        }
    }

    /** @param region S, where the account was opened, or T */
    public static boolean isAllowed(String region, List<Row> rows) throws Exception {
        var folder = Files.createTempDirectory("trace");
        Files.copy(MODEL, folder.resolve("AccountMove.tla"));
        Files.writeString(folder.resolve("Trace.tla"), module(region, rows));
        Files.writeString(folder.resolve("Trace.cfg"), config(rows));
        var output = ModelCheck.run(folder, "Trace.tla", "Trace.cfg");
        if (output.contains("Invariant NotReplayed is violated")) {
            return true;
        }
        if (output.contains("Model checking completed. No error has been found.")) {
            return false;
        }
        throw new IllegalStateException(output);
    }

    private static String module(String region, List<Row> rows) {
        return """
                ------------------------------ MODULE Trace ------------------------------
                EXTENDS AccountMove, Sequences
                VARIABLE seen
                Region == "%s"
                Log == <<%s>>
                Is(row, said) == row.home = said.home /\\ row.epoch = said.epoch /\\ row.st = said.st /\\ row.sh = said.sh
                TraceInit == Init /\\ Is(dir[Region], Log[1]) /\\ seen = 1
                TraceNext == /\\ Next
                             /\\ IF dir'[Region] = dir[Region]
                                THEN seen' = seen
                                ELSE seen < Len(Log) /\\ Is(dir'[Region], Log[seen + 1]) /\\ seen' = seen + 1
                TraceSpec == TraceInit /\\ [][TraceNext]_<<vars, seen>>
                NotReplayed == seen < Len(Log)
                ==========================================================================
                """.formatted(region, rows.stream().map(Row::tla).collect(Collectors.joining(", ")));
    }

    private static String config(List<Row> rows) {
        var last = rows.stream().mapToLong(Row::epoch).max().orElseThrow();
        return """
                SPECIFICATION TraceSpec
                CONSTANTS
                  Svc = {a}  Key = {x}  MaxWrites = 1  MaxEpoch = %d
                  CheckCmdEpoch = TRUE  CheckShadowMode = TRUE  CheckShadowEpoch = TRUE  CheckVersion = TRUE
                  FenceFirst = TRUE  CloseFirst = TRUE  DigestFirst = TRUE  KeepShadow = TRUE
                  CheckTombstone = TRUE  BatonOnly = TRUE  CheckBatonEpoch = TRUE  NoSelfThaw = TRUE
                INVARIANTS NotReplayed
                CHECK_DEADLOCK FALSE
                """.formatted(last + SPARE_EPOCHS);
    }
}
