package org.domicile.account.export;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** Owners' archives. */
@ConfigMapping(prefix = "domicile.export")
public interface ExportConfig {
    /** The services of the region that hold data of accounts. */
    @WithDefault("account,backup,messaging,migration")
    List<String> services();

    /** How long an archive can be fetched. */
    @WithDefault("7d")
    Duration validity();

    /** How often what is ordered is looked for. */
    @WithDefault("5s")
    Duration look();
}
