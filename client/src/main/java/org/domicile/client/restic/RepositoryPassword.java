package org.domicile.client.restic;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/** What opens a repository. Whoever loses it loses the backup: nobody else has it. Never shown by {@link #toString()}. */
public final class RepositoryPassword {
    private final String value;

    public RepositoryPassword(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("A repository password cannot be empty");
        }
        this.value = value;
    }

    /** A random one of 256 bits, in hexadecimal: a command line never takes it for an option. */
    public static RepositoryPassword random(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return new RepositoryPassword(HexFormat.of().formatHex(bytes));
    }

    /** The secret itself, for the owner's own storage. */
    public String reveal() {
        return value;
    }

    byte[] utf8() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "RepositoryPassword[redacted]";
    }
}
