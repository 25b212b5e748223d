package org.domicile.platform.kms;

import java.nio.file.Path;

/** How this service signs in to a Vault. The files are read again whenever a token is refused. */
public sealed interface VaultLogin {
    /** A file with the token itself, which an agent may renew. */
    record Token(Path file) implements VaultLogin {}

    /**
     * The auth method {@code kubernetes} or {@code jwt}.
     *
     * @param mount of the method
     * @param jwt file with the service account's token
     */
    record ServiceAccount(String mount, String role, Path jwt) implements VaultLogin {}
}
