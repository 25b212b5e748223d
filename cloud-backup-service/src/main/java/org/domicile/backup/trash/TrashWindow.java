package org.domicile.backup.trash;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.domicile.backup.BackupConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.law.MoveLaws;
import org.domicile.platform.law.Policies;

/**
 * How long what was deleted can be restored: as configured, and while an account is moved not longer than the law of both ends lets it
 * be kept.
 */
@ApplicationScoped
public class TrashWindow {
    private final Pool pool;
    private final BackupConfig config;
    private final Policies policies;
    private final MoveLaws laws;

    @Inject
    public TrashWindow(Pool pool, BackupConfig config, Policies policies, MoveLaws laws) {
        this.pool = pool;
        this.config = config;
        this.policies = policies;
        this.laws = laws;
    }

    public Uni<Duration> of(AccountId account) {
        return laws.of(pool, account)
                .map(law -> law.map(policy -> atMost(policy.trash())).orElse(longest()));
    }

    /** Of an account that is not being moved. */
    public Duration longest() {
        return config.trash();
    }

    /** The shortest that any account can have while it is moved. */
    public Duration shortest() {
        return atMost(policies.strictest().trash());
    }

    private Duration atMost(Duration most) {
        return most.compareTo(longest()) < 0 ? most : longest();
    }
}
