package org.domicile.messaging.law;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.domicile.messaging.MessagingConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.law.MoveLaws;
import org.domicile.platform.law.Policies;
import org.domicile.platform.region.ServiceIdentity;

/**
 * The longest that a message waits for its device: {@code domicile.messaging.max-ttl}, or what the law allows if that is less: of every
 * market whose accounts may live in this region, and while an account is moved of both ends.
 */
@ApplicationScoped
public class LongestWait {
    private final Pool pool;
    private final MoveLaws laws;
    private final Duration longest;
    private final Duration shortest;

    @Inject
    public LongestWait(
            Pool pool, MoveLaws laws, MessagingConfig messaging, Policies policies, ServiceIdentity identity) {
        this.pool = pool;
        this.laws = laws;
        this.longest = least(
                messaging.maxTtl(), policies.strictestIn(identity.region()).messages());
        this.shortest = least(longest, policies.strictest().messages());
    }

    LongestWait() {
        this.pool = null;
        this.laws = null;
        this.longest = null;
        this.shortest = null;
    }

    /** Of an account that is not being moved. */
    public Duration get() {
        return longest;
    }

    public Uni<Duration> of(AccountId account) {
        return laws.of(pool, account)
                .map(law -> law.map(policy -> least(longest, policy.messages())).orElse(longest));
    }

    /** Whether a message may wait so long whatever account it is for. */
    public boolean always(Duration wait) {
        return wait.compareTo(shortest) <= 0;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
