package org.domicile.client.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.domicile.client.recovery.RecoveryKey;
import org.domicile.client.restic.Origin;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.RepositoryPassword;

/** The key file of the recovery key, among those of the repository. */
final class RecoveryKeys {
    /** What the owner must know, before there is anything to lose. */
    static final String WARNING =
            "This device holds the backup's password, and nobody else does. Who loses it and has no recovery key has lost the backup:"
                    + " nobody can open it then, not the operator either.";

    private static final String USERNAME = "recovery";
    private static final int COLUMNS = 4;

    private final Repository repository;
    private final Workplace workplace;

    RecoveryKeys(Repository repository, Workplace workplace) {
        this.repository = repository;
        this.workplace = workplace;
    }

    RecoveryKey create(boolean replace) throws IOException {
        List<Repository.Key> before = repository.keys().stream()
                .filter(key -> key.username().equals(USERNAME))
                .toList();
        if (!before.isEmpty() && !replace) {
            throw new CommandException("There is a recovery key since "
                    + before.get(0).created().substring(0, 10)
                    + ": keep its words, or make a new one with --replace");
        }
        RecoveryKey key = RecoveryKey.generate(workplace.random());
        repository.addKey(
                new RepositoryPassword(key.password()),
                new Origin(workplace.origin().hostname(), USERNAME),
                workplace.random());
        for (Repository.Key old : before) {
            repository.removeKey(old.id());
        }
        return key;
    }

    /** The words with their numbers, and what they mean. */
    static List<String> lines(RecoveryKey key) {
        List<String> lines = new ArrayList<>();
        lines.add("Your recovery key. Write it on paper, in this order; it is shown this once:");
        lines.add("");
        int rows = RecoveryKey.WORDS / COLUMNS;
        for (int row = 0; row < rows; row++) {
            StringBuilder line = new StringBuilder();
            for (int word = row; word < RecoveryKey.WORDS; word += rows) {
                line.append(String.format("  %2d. %-10s", word + 1, key.words().get(word)));
            }
            lines.add(line.toString().stripTrailing());
        }
        lines.add("");
        lines.add(
                "Whoever has these words and your account can read the backup. If you lose both the password on your devices and"
                        + " these words, the backup is gone: nobody can open it, not the operator either.");
        return lines;
    }
}
