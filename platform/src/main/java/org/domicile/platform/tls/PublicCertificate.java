package org.domicile.platform.tls;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;

/** How long the certificate of the public listener, which Quarkus reads again by itself, is good for. */
@ApplicationScoped
class PublicCertificate {
    private final TlsConfigurationRegistry tls;
    private final Clock clock;
    private final MeterRegistry metrics;

    @Inject
    PublicCertificate(TlsConfigurationRegistry tls, Clock clock, MeterRegistry metrics) {
        this.tls = tls;
        this.clock = clock;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (keys() != null) {
            Gauge.builder("domicile.certificate.remaining", () -> Duration.between(clock.instant(), end(keys()))
                            .toSeconds())
                    .tag("certificate", "public")
                    .baseUnit("seconds")
                    .description("Until a certificate that is in use ends")
                    .register(metrics);
        }
    }

    private KeyStore keys() {
        return tls.getDefault().map(own -> own.getKeyStore()).orElse(null);
    }

    /** The first end of a certificate, or of one between it and the root. */
    static Instant end(KeyStore keys) {
        try {
            var first = Instant.MAX;
            for (var alias : Collections.list(keys.aliases())) {
                var end = Arrays.stream(keys.getCertificateChain(alias))
                        .map(c -> ((X509Certificate) c).getNotAfter().toInstant())
                        .min(Instant::compareTo)
                        .orElse(first);
                first = end.isBefore(first) ? end : first;
            }
            return first;
        } catch (KeyStoreException e) {
            throw new IllegalStateException(e);
        }
    }
}
