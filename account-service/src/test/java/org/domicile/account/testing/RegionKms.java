package org.domicile.account.testing;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.domicile.platform.testing.OperatedKms;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The key store of the service under test, which tests may take away. */
@Alternative
@Priority(1)
@Singleton
public class RegionKms extends OperatedKms {
    @Inject
    public RegionKms(@ConfigProperty(name = "domicile.kms.local.file") Path file) {
        super(file);
    }
}
