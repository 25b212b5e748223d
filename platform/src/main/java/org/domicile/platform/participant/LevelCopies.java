package org.domicile.platform.participant;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.domicile.platform.account.AccountId;

/**
 * Copies that had nothing more to take when they were last looked at. They are looked at ever more rarely: an old home that is fed for
 * days must not ask five times a second about each of the accounts that left it.
 */
final class LevelCopies {
    private static final int MOST = 50_000;
    private static final Duration SOON = Duration.ofMillis(200);
    /** A copy that is about to be closed must not fall behind. */
    private static final Duration LATE = Duration.ofMillis(1_600);
    /** What is behind when a rollback begins is brought under its fence. */
    private static final Duration LATEST_FED = Duration.ofSeconds(30);

    private final Map<AccountId, Level> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountId, Level> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param counter the source's when nothing was left to copy
     * @param rest until the next look
     */
    private record Level(long counter, Duration rest) {}

    /** @param fed whether the copy is an old home's, for which nobody waits */
    synchronized void put(AccountId account, long counter, boolean fed) {
        known.put(account, new Level(counter, fed ? LATE : SOON));
    }

    synchronized void remove(AccountId account) {
        known.remove(account);
    }

    synchronized boolean knows(AccountId account) {
        return known.containsKey(account);
    }

    synchronized boolean at(AccountId account, long counter) {
        var level = known.get(account);
        return level != null && level.counter() == counter;
    }

    /** @return how long to rest after a look that found nothing; twice as long each time */
    synchronized Duration rest(AccountId account, boolean fed) {
        var level = known.get(account);
        if (level == null) {
            return SOON;
        }
        var longest = fed ? LATEST_FED : LATE;
        var next = level.rest().multipliedBy(2);
        known.put(account, new Level(level.counter(), next.compareTo(longest) > 0 ? longest : next));
        return level.rest();
    }
}
