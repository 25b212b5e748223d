package org.domicile.client.restic;

import java.io.IOException;

/** Something about the repository itself: a wrong password, damaged content, a lock. The message is one sentence for a person. */
public class RepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    public RepositoryException(String message) {
        super(message);
    }

    public RepositoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
