package org.domicile.backup.blob;

import java.util.regex.Pattern;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * A blob's address within an account.
 *
 * @param name hex SHA-256 of the content; {@code config} for the configuration
 */
public record BlobKey(RepositoryName repository, BlobType type, String name) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final String CONFIG = "config";

    /** @throws ProblemException INVALID_REQUEST if the name is not a SHA-256 in lower-case hex */
    public static BlobKey of(RepositoryName repository, BlobType type, String name) {
        if (!SHA256.matcher(name).matches()) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    "Name a blob by the SHA-256 of its content in 64 lower-case hex digits.");
        }
        return new BlobKey(repository, type, name);
    }

    public static BlobKey config(RepositoryName repository) {
        return new BlobKey(repository, BlobType.CONFIG, CONFIG);
    }

    public boolean isNamedByHash() {
        return type != BlobType.CONFIG;
    }
}
