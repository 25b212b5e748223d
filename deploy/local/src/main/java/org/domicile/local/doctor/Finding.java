package org.domicile.local.doctor;

/**
 * The result of one check.
 *
 * @param part what was looked at: {@code object store}, {@code PostgreSQL}, {@code Kafka}
 * @param check what of it
 * @param said what was found, in a few words
 * @param remedy what to do; empty if nothing is
 */
record Finding(String part, String check, Verdict verdict, String said, String remedy) {
    enum Verdict {
        OK,
        /** May be right for this provider: look. */
        WARNING,
        FAILED
    }

    static Finding ok(String part, String check, String said) {
        return new Finding(part, check, Verdict.OK, said, "");
    }

    static Finding failed(String part, String check, String said, String remedy) {
        return new Finding(part, check, Verdict.FAILED, said, remedy);
    }

    static Finding of(String part, String check, boolean fits, String said, String remedy) {
        return fits ? ok(part, check, said) : failed(part, check, said, remedy);
    }

    String line() {
        var end = remedy.isEmpty() ? "" : ": " + remedy;
        return String.format("%-8s %-13s %-22s %s%s", verdict.name().toLowerCase(), part, check, said, end);
    }
}
