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

    private final Duration latestFed;
    private final Map<AccountId, Level> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountId, Level> eldest) {
            return size() > MOST;
        }
    };

    /** @param latestFed the longest rest of an old home's copy */
    LevelCopies(Duration latestFed) {
        this.latestFed = latestFed;
    }

    /**
     * @param counter the source's when nothing was left to copy
     * @param rest until the next look
     */
    private record Level(long counter, Duration rest) {}

    /**
     * Something was copied, and nothing is left.
     *
     * @param fed whether the copy is an old home's, for which nobody waits: it then rests half as long as it did
     */
    synchronized void put(AccountId account, long counter, boolean fed) {
        var before = known.get(account);
        var half = before == null ? LATE : before.rest().dividedBy(4);
        known.put(account, new Level(counter, fed ? longer(half, LATE) : SOON));
    }

    /** What another process found, or this one, when it last looked at an old home's copy. */
    synchronized void found(AccountId account, Transfer.Looked looked) {
        known.put(account, new Level(looked.counter(), shorter(looked.rest().multipliedBy(2), latestFed)));
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
        known.put(account, new Level(level.counter(), shorter(level.rest().multipliedBy(2), fed ? latestFed : LATE)));
        return level.rest();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
