package org.domicile.backup.trash;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.domicile.backup.repository.Repositories;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.backup.usage.Quota;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** What a client deleted can be seen and brought back by the owner until its window has passed. */
@ApplicationScoped
public class Trash {
    private static final UUID FIRST = new UUID(0, 0);

    private final Fence fence;
    private final TrashStore store;
    private final Repositories repositories;
    private final Quota quota;
    private final TrashWindow window;

    @Inject
    public Trash(Fence fence, TrashStore store, Repositories repositories, Quota quota, TrashWindow window) {
        this.fence = fence;
        this.store = store;
        this.repositories = repositories;
        this.quota = quota;
        this.window = window;
    }

    public Uni<TrashList> list(AccountId account, RepositoryName repository, Optional<UUID> after, int limit) {
        return window.of(account).flatMap(kept -> store.page(account, repository, after.orElse(FIRST), limit, kept)
                .map(items -> new TrashList(
                        repository.value(),
                        kept,
                        items,
                        items.size() < limit ? null : items.getLast().id())));
    }

    /**
     * Makes LIVE again what was deleted at or after the instant, the repository too; what is LIVE under the same name stays as it is.
     *
     * @return fails with CONSENT_REQUIRED (403), QUOTA_EXCEEDED (507), or NOT_FOUND (404) if there is nothing to restore
     */
    public Uni<Restored> restore(AccountId account, RepositoryName repository, Instant since) {
        return fence.write(account, Feature.BACKUP, write -> restore(write, repository, since));
    }

    private Uni<Restored> restore(FencedWrite write, RepositoryName repository, Instant since) {
        return store.restorable(write, repository, since)
                .invoke(found -> {
                    if (found.blobs() == 0) {
                        throw new ProblemException(
                                ErrorCode.NOT_FOUND,
                                "Nothing of this repository is in the trash since then: see GET …/trash.");
                    }
                })
                .call(found -> quota.reserve(write, found.bytes()))
                .call(found -> repositories.ensure(write, repository))
                .call(found -> store.restore(write, repository, since));
    }
}
