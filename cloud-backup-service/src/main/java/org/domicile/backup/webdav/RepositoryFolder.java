package org.domicile.backup.webdav;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Folders in which a backup client keeps a repository: Seedvault's root, its repositories (64 hex digits), its storage backups
 * ({@code <16 hex digits>.sv}) and older restore sets (13 digits), and folders with restic's {@code config} beside {@code keys}.
 * A COPY or MOVE onto one would replace a person's backup by something else, and is refused.
 */
final class RepositoryFolder {
    static final String CONFIG = "config";
    private static final String KEYS = "keys";
    private static final Pattern NAME =
            Pattern.compile("\\.SeedVaultAndroidBackup|[0-9a-f]{64}|[0-9a-f]{16}\\.sv|[0-9]{13}");

    private RepositoryFolder() {}

    /** @param tree all collections of a tree, its top included, and all files named {@code config} */
    static boolean isIn(List<Resource> tree) {
        return tree.stream().anyMatch(resource -> isRepository(resource, tree));
    }

    private static boolean isRepository(Resource folder, List<Resource> tree) {
        return folder.isCollection()
                && (NAME.matcher(folder.details().name()).matches()
                        || tree.stream().anyMatch(config -> !config.isCollection() && isBeside(folder, config))
                                && tree.stream()
                                        .anyMatch(keys -> keys.isCollection()
                                                && keys.details().name().equals(KEYS)
                                                && isBeside(folder, keys)));
    }

    private static boolean isBeside(Resource folder, Resource member) {
        return member.parent().equals(folder.id());
    }
}
