package org.domicile.platform.kms;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.domicile.platform.crypto.Kms;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.kms.KmsAsyncClient;

/** Gives a service that uses the region's keys the store that is configured. A setting that cannot work refuses to start. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.kms.enabled", stringValue = "true")
public class KmsProducer {
    private static final Logger LOG = Logger.getLogger(KmsProducer.class);

    private final KmsConfig config;
    private final LocalKmsConfig local;
    private final Pkcs11Config pkcs11;
    private final VaultConfig vault;

    @Inject
    public KmsProducer(KmsConfig config, LocalKmsConfig local, Pkcs11Config pkcs11, VaultConfig vault) {
        this.config = config;
        this.local = local;
        this.pkcs11 = pkcs11;
        this.vault = vault;
    }

    /** The keys are looked for now, not at the first sign-up. */
    void start(@Observes StartupEvent event, Kms kms) {
        LOG.infof(
                "region keys kind=%s count=%d", config.store(), kms.indexKeys().size());
    }

    @Produces
    @Singleton
    Kms kms(Vertx vertx, Instance<KmsAsyncClient> aws, SecureRandom random) {
        return switch (config.store()) {
            case LOCAL -> new LocalKms(set("domicile.kms.local.file", local.file()), random);
            case PKCS11 ->
                cached(new Pkcs11Kms(
                        vertx,
                        set("domicile.kms.pkcs11.library", pkcs11.library()),
                        pkcs11.slotListIndex(),
                        read(set("domicile.kms.pkcs11.pin-file", pkcs11.pinFile()))
                                .toCharArray(),
                        wrappingKey(),
                        indexKeys(),
                        random,
                        config.timeout()));
            case AWS -> cached(new AwsKms(aws.get(), wrappingKey(), indexKeys(), config.timeout()));
            case VAULT -> cached(new VaultKms(vaultClient(vertx), wrappingKey(), indexKeys()));
        };
    }

    private Kms cached(Kms outside) {
        return new DataKeyCache(outside, config.dataKeysKept());
    }

    private VaultClient vaultClient(Vertx vertx) {
        var url = set("domicile.kms.vault.url", vault.url());
        if (!"https".equals(url.getScheme())) {
            throw new IllegalStateException("domicile.kms.vault.url must begin with https://: data keys come that way");
        }
        if (vault.tokenFile().isPresent() == vault.role().isPresent()) {
            throw new IllegalStateException(
                    "set one of domicile.kms.vault.token-file and domicile.kms.vault.role, to sign in by");
        }
        var login = vault.tokenFile()
                .<VaultLogin>map(VaultLogin.Token::new)
                .orElseGet(() -> new VaultLogin.ServiceAccount(
                        vault.loginMount(), vault.role().orElseThrow(), vault.jwtFile()));
        return new VaultClient(vertx.getDelegate(), url, vault.mount(), vault.ca(), login, config.timeout());
    }

    /** A service that wraps nothing may do without: its rights in the store need not reach further than the index. */
    private String wrappingKey() {
        return config.wrappingKey().orElse("");
    }

    private List<String> indexKeys() {
        return set("domicile.kms.index-keys", config.indexKeys());
    }

    private <T> T set(String name, Optional<T> value) {
        return value.orElseThrow(() -> new IllegalStateException(
                name + " is missing: the key store \"" + config.store().name().toLowerCase(java.util.Locale.ROOT)
                        + "\" (domicile.kms.store) needs it, see docs/keys.md"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
