package org.domicile.platform.region;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which service this process is, and in which region. */
@ApplicationScoped
public class ServiceIdentity {
    private final String region;
    private final String service;

    @Inject
    public ServiceIdentity(
            @ConfigProperty(name = "domicile.region") String region,
            @ConfigProperty(name = "domicile.service") String service) {
        this.region = region;
        this.service = service;
    }

    ServiceIdentity() {
        this("", "");
    }

    public String region() {
        return region;
    }

    /** {@code account}, {@code backup}, {@code messaging} or {@code migration}. */
    public String service() {
        return service;
    }
}
