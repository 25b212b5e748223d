package org.domicile.platform.tls;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jboss.logging.Logger;

/**
 * Kafka's clients read their certificate once. This one ({@code ssl.engine.factory.class}) looks at its file at every new connection, and
 * makes it with a renewed one; brokers and networks end connections from time to time, and one that is open outlives its certificate.
 */
@RegisterForReflection
public final class RenewedKafkaCertificate implements SslEngineFactory {
    private static final Logger LOG = Logger.getLogger(RenewedKafkaCertificate.class);

    private Map<String, ?> settings;
    private byte[] read;
    private DefaultSslEngineFactory engines;

    @Override
    public synchronized void configure(Map<String, ?> configs) {
        settings = configs;
        read = file();
        engines = made();
    }

    @Override
    public SSLEngine createClientSslEngine(String host, int port, String identification) {
        return newest().createClientSslEngine(host, port, identification);
    }

    @Override
    public SSLEngine createServerSslEngine(String host, int port) {
        return newest().createServerSslEngine(host, port);
    }

    /** What is in use stays if the new file cannot be used: it is perhaps being written. */
    private synchronized DefaultSslEngineFactory newest() {
        var now = file();
        if (!Arrays.equals(now, read)) {
            try {
                engines = made();
                read = now;
            } catch (KafkaException e) {
                LOG.warnf("certificate for Kafka not renewed, will try again reason=%s", e.toString());
            }
        }
        return engines;
    }

    private DefaultSslEngineFactory made() {
        var made = new DefaultSslEngineFactory();
        made.configure(settings);
        return made;
    }

    /** Null where there is none: then there is nothing to renew. */
    private byte[] file() {
        var location = settings.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
        try {
            return location == null ? null : Files.readAllBytes(Path.of(location.toString()));
        } catch (IOException e) {
            return read;
        }
    }

    @Override
    public boolean shouldBeRebuilt(Map<String, Object> next) {
        return engines.shouldBeRebuilt(next);
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return engines.reconfigurableConfigs();
    }

    @Override
    public KeyStore keystore() {
        return engines.keystore();
    }

    @Override
    public KeyStore truststore() {
        return engines.truststore();
    }

    @Override
    public void close() {
        engines = null;
    }
}
