package org.domicile.platform.residency;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/** Counts the directory rows that were not taken: {@code domicile_directory_rows_refused_total}, by {@code reason}. */
@ApplicationScoped
public class DirectoryRefusals {
    private static final Logger LOG = Logger.getLogger(DirectoryRefusals.class);

    private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

    @Inject
    public DirectoryRefusals(MeterRegistry metrics) {
        for (var reason : Reason.values()) {
            counters.put(
                    reason,
                    Counter.builder("domicile.directory.rows.refused")
                            .description("Directory rows that were not taken")
                            .tag(
                                    "reason",
                                    reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .register(metrics));
        }
    }

    /** An alert can see the first refusal only if it saw none before. */
    void start(@Observes StartupEvent event) {
        LOG.debug("directory rows are counted by why they are refused");
    }

    /** Why a row was not taken. */
    public enum Reason {
        /** Signed by no region of the list, changed since, or about an account or a region that cannot be. */
        FORGED,
        /** Signed by a region that was not the account's home of the epoch before. */
        WRONG_SIGNER,
        /** Names another home than the row of the same epoch. */
        CONFLICTING,
        /** Of an epoch below what is known; harmless, and usual where a topic is read again. */
        STALE,
        /** Its signer is not known to have been the home; kept, and not believed until another row says so. */
        UNPROVEN
    }

    void count(Reason reason) {
        counters.get(reason).increment();
    }
}
