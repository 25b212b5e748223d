package org.domicile.local.part;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.domicile.local.process.Launch;

/** The region's Keycloak: its own process and database, HTTPS only. */
public final class KeycloakPart implements Part {
    public static final String PART = "keycloak";
    public static final String ADMINISTRATOR = "admin";
    private static final String MANAGEMENT = "keycloak-management";
    private static final int HEAP_MB = 384;

    private final RegionSetup setup;
    private final KeycloakDistribution distribution;

    /** @param distribution the same object for all regions */
    KeycloakPart(RegionSetup setup, KeycloakDistribution distribution) {
        this.setup = setup;
        this.distribution = distribution;
    }

    public static String issuer(RegionSetup setup) {
        return setup.https(PART) + "/realms/" + KeycloakRealm.NAME;
    }

    /** The password of {@link #ADMINISTRATOR} in the realm {@code master}. */
    public static String administratorPassword(RegionSetup setup) {
        return setup.secret("keycloak.admin");
    }

    @Override
    public String name() {
        return setup.nameOf(PART);
    }

    @Override
    public List<String> needs() {
        return List.of(setup.nameOf(PostgresPart.PART));
    }

    @Override
    public List<String> ports() {
        return List.of(setup.portName(PART), setup.portName(MANAGEMENT));
    }

    @Override
    public Launch prepare() {
        var home = distribution.ready();
        var command = KeycloakDistribution.command(home, HEAP_MB, List.of("start", "--optimized"));
        return new Launch(command, environment(), setup.folder(PART));
    }

    @Override
    public boolean isReady() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(setup.https(MANAGEMENT) + "/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return setup.http()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    @Override
    public void provision() {
        new KeycloakRealm(setup).importIfAbsent();
    }

    private Map<String, String> environment() {
        var identity = setup.identity(PART);
        var e = new LinkedHashMap<String, String>();
        e.put("JAVA_HOME", Jvm.HOME);
        e.put(
                "KC_DB_URL",
                "jdbc:postgresql://" + RegionSetup.LOOPBACK + ":" + setup.port(PostgresPart.PART) + "/keycloak");
        e.put("KC_DB_USERNAME", "keycloak");
        e.put("KC_DB_PASSWORD", PostgresPart.password(setup, "keycloak"));
        e.put("KC_DB_POOL_MAX_SIZE", "20");
        e.put("KC_HOSTNAME", setup.https(PART));
        e.put("KC_HTTP_HOST", RegionSetup.LOOPBACK);
        e.put("KC_HTTP_ENABLED", "false");
        e.put("KC_HTTPS_PORT", Integer.toString(setup.port(PART)));
        e.put("KC_HTTPS_CERTIFICATE_FILE", identity.certificate().toString());
        e.put("KC_HTTPS_CERTIFICATE_KEY_FILE", identity.key().toString());
        e.put("KC_HTTP_MANAGEMENT_PORT", Integer.toString(setup.port(MANAGEMENT)));
        e.put("KC_CACHE", "local");
        e.put("KC_LOG_LEVEL", "info,io.smallrye.health:error");
        e.put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMINISTRATOR);
        e.put("KC_BOOTSTRAP_ADMIN_PASSWORD", administratorPassword(setup));
        // our extension: asks the region's account-service who typed this
        e.put("KC_SPI_DOMICILE__RESOLVER__URL", setup.https("account-peer"));
        e.put("KC_SPI_DOMICILE__RESOLVER__CERTIFICATE", identity.certificate().toString());
        e.put("KC_SPI_DOMICILE__RESOLVER__KEY", identity.key().toString());
        e.put("KC_SPI_DOMICILE__RESOLVER__CA", identity.authority().toString());
        return e;
    }
}
