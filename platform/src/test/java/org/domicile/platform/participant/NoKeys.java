package org.domicile.platform.participant;

import java.time.Duration;
import org.domicile.platform.key.KeysConfig;

/** A service without a key store. */
record NoKeys() implements KeysConfig {
    @Override
    public boolean enabled() {
        return false;
    }

    @Override
    public Duration backupsKept() {
        return Duration.ZERO;
    }

    @Override
    public Duration orphanAfter() {
        return Duration.ZERO;
    }

    @Override
    public Duration every() {
        return Duration.ZERO;
    }
}
