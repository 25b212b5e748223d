package org.domicile.platform.device;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.ConsentChanged;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logging.Logger;

/**
 * When an account's devices were last let in by this service, to the day: account-service asks before it counts an account as
 * inactive. Written at most once a day and account by each instance, beside the request and never in its way; only with the owner's
 * consent to what the service does, and forgotten when that is withdrawn.
 */
@ApplicationScoped
public class DeviceUse {
    private static final Logger LOG = Logger.getLogger(DeviceUse.class);
    private static final Duration COARSE = Duration.ofDays(1);
    private static final int REMEMBERED = 50_000;

    // the fence row is locked for the moment: a purge that has begun is not followed by a row that it would leave
    // behind
    private static final String WRITE =
            "insert into device_use (account_id, at) select account_id, $2 from (select account_id"
                    + " from fence where account_id = $1 and mode in ('OWN', 'FROZEN') for share) f"
                    + " where exists (select from consent_projection c where c.account_id = $1"
                    + " and (c.features -> $3 ->> 'granted')::boolean)"
                    + " on conflict (account_id) do update set at = excluded.at where device_use.at < excluded.at";

    private static final String PURGE = "delete from device_use where account_id = $1";

    private final Pool pool;
    private final Clock clock;
    private final String feature;
    private final Map<AccountId, Instant> written = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountId, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    @Inject
    public DeviceUse(Pool pool, Clock clock, ServiceIdentity identity) {
        this.pool = pool;
        this.clock = clock;
        this.feature = identity.service();
    }

    DeviceUse() {
        this.pool = null;
        this.clock = null;
        this.feature = null;
    }

    void seen(AccountId account) {
        var now = clock.instant();
        if (isNews(account, now)) {
            pool.preparedQuery(WRITE)
                    .execute(Tuple.of(account.value(), now.atOffset(ZoneOffset.UTC), feature))
                    .subscribe()
                    .with(rows -> noted(account, rows.rowCount()), failure -> forget(account, failure));
        }
    }

    /** Without the owner's consent nothing was written, and the next time may be after it. */
    private void noted(AccountId account, int rows) {
        if (rows == 0) {
            forget(account);
        }
    }

    void onConsent(@ObservesAsync ConsentChanged changed) {
        if (changed.granted().stream().noneMatch(granted -> granted.id().equals(feature))) {
            forget(changed.account());
            pool.preparedQuery(PURGE)
                    .execute(Tuple.of(changed.account().value()))
                    .subscribe()
                    .with(
                            purged -> {},
                            failure -> LOG.warnf(
                                    "use not forgotten account=%s reason=%s", changed.account(), failure.toString()));
        }
    }

    private boolean isNews(AccountId account, Instant now) {
        synchronized (written) {
            var last = written.get(account);
            if (last != null && last.plus(COARSE).isAfter(now)) {
                return false;
            }
            written.put(account, now);
            return true;
        }
    }

    private void forget(AccountId account, Throwable failure) {
        LOG.debugf("use not noted, will be the next time account=%s reason=%s", account, failure);
        forget(account);
    }

    private void forget(AccountId account) {
        synchronized (written) {
            written.remove(account);
        }
    }

    /** @return empty if no device of the account was let in here since it came to this region */
    public Uni<Optional<Instant>> last(AccountId account) {
        return pool.preparedQuery("select at from device_use where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator()
                                .next()
                                .get(OffsetDateTime.class, "at")
                                .toInstant()));
    }

    /** In the last transaction of a purge. */
    public static Uni<Void> purge(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery(PURGE)
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }
}
