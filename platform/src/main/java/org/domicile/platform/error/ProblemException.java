package org.domicile.platform.error;

import java.util.Map;
import java.util.TreeMap;

/** A failure that the caller is told of: its code, one sentence that says what to do, and further members of the problem. */
public class ProblemException extends RuntimeException {
    private final transient Problem problem;
    private final ErrorCode code;

    public ProblemException(ErrorCode code, String detail) {
        this(code, detail, Map.of());
    }

    /** @param extensions further members; {@code retryAfter} (seconds) also becomes the header Retry-After */
    public ProblemException(ErrorCode code, String detail, Map<String, ?> extensions) {
        super(code + ": " + detail, null, false, false);
        this.code = code;
        this.problem = new Problem(code.type(), code.title(), code.status(), detail, new TreeMap<>(extensions));
    }

    public ErrorCode code() {
        return code;
    }

    public Problem problem() {
        return problem;
    }
}
