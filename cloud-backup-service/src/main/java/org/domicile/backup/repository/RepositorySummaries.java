package org.domicile.backup.repository;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.backup.BackupConfig;
import org.domicile.platform.account.AccountId;

/** An account's repositories, with the trash window as it is configured here. */
@ApplicationScoped
public class RepositorySummaries {
    private final RepositoryStore repositories;
    private final BackupConfig config;

    @Inject
    public RepositorySummaries(RepositoryStore repositories, BackupConfig config) {
        this.repositories = repositories;
        this.config = config;
    }

    public Uni<List<RepositorySummary>> of(AccountId account) {
        return repositories.summaries(account, config.trash());
    }
}
