package org.domicile.backup.repository;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.backup.trash.TrashWindow;
import org.domicile.platform.account.AccountId;

/** An account's repositories, with the trash window that holds for it. */
@ApplicationScoped
public class RepositorySummaries {
    private final RepositoryStore repositories;
    private final TrashWindow trash;

    @Inject
    public RepositorySummaries(RepositoryStore repositories, TrashWindow trash) {
        this.repositories = repositories;
        this.trash = trash;
    }

    public Uni<List<RepositorySummary>> of(AccountId account) {
        return trash.of(account).flatMap(window -> repositories.summaries(account, window));
    }
}
