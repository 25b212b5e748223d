package org.domicile.account.key;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.domicile.account.law.MarketLaws;
import org.domicile.platform.key.KeysConfig;

/** A key that is deleted must be gone from its backups too before the law wants the account erased: else the service does not start. */
@ApplicationScoped
public class KeyBackupCheck {
    private final KeysConfig keys;
    private final MarketLaws laws;

    @Inject
    public KeyBackupCheck(KeysConfig keys, MarketLaws laws) {
        this.keys = keys;
        this.laws = laws;
    }

    void start(@Observes StartupEvent event) {
        if (keys.backupsKept().compareTo(laws.shortestErasure()) >= 0) {
            throw new IllegalStateException("backups of the key store are kept for "
                    + keys.backupsKept().toDays()
                    + " days (domicile.keys.backups-kept), and a market wants accounts erased within "
                    + laws.shortestErasure().toDays() + ": let them end earlier");
        }
    }
}
