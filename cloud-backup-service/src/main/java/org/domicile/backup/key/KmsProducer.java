package org.domicile.backup.key;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.crypto.LocalKms;

/** Gives the service its key store; a missing key set refuses to start. */
@ApplicationScoped
public class KmsProducer {
    @Produces
    @Singleton
    Kms kms(KmsConfig config, SecureRandom random) {
        return new LocalKms(config.file(), random);
    }
}
