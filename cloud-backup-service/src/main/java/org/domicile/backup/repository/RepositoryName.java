package org.domicile.backup.repository;

import java.util.regex.Pattern;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** The name that an owner gave a repository: 1 to 64 letters, digits, {@code . _ -}, the first a letter or digit. */
public record RepositoryName(String value) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** @throws ProblemException INVALID_REQUEST for any other name; nothing is decoded or normalised first */
    public static RepositoryName parse(String text) {
        if (!ALLOWED.matcher(text).matches()) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    "Name a repository with 1 to 64 of the characters A-Z a-z 0-9 . _ - and begin with a letter or digit.");
        }
        return new RepositoryName(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
