package org.domicile.local.part;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.domicile.local.home.Built;
import org.domicile.local.home.Packaging;
import org.domicile.local.process.Launch;

/**
 * One of the four services in one region, with its configuration written to a file. What stands in {@code <region>.properties} of the
 * stack's folder is for all services of that region, and wins.
 */
public final class ServicePart implements Part {
    private static final long QUOTA_BYTES = 20L << 30;
    private static final String SOAK = "PT10S";

    private final RegionSetup setup;
    private final Service service;
    private final World world;

    public ServicePart(RegionSetup setup, Service service, World world) {
        this.setup = setup;
        this.service = service;
        this.world = world;
    }

    @Override
    public String name() {
        return setup.nameOf(service.id());
    }

    /** The stores of its region, and the issuers of every region: a token of any of them may come. */
    @Override
    public List<String> needs() {
        var needs = new ArrayList<>(List.of(setup.nameOf(PostgresPart.PART), setup.nameOf(KafkaPart.PART)));
        setup.all().forEach(r -> needs.add(RegionSetup.nameOf(r.id(), KeycloakPart.PART)));
        if (service == Service.BACKUP) {
            needs.add(setup.nameOf(S3Part.PART));
        }
        return needs;
    }

    @Override
    public List<String> ports() {
        return List.of(setup.portName(service.id()), setup.portName(service.peer()));
    }

    @Override
    public Launch prepare() {
        var folder = setup.folder(service.id());
        var configuration = PropertiesFile.write(folder.resolve("application.properties"), settings());
        return new Launch(command(setup.built(), service, configuration), Map.of(), folder);
    }

    static List<String> command(Built built, Service service, Path configuration) {
        var locations = "-Dquarkus.config.locations=" + configuration;
        if (built.packaging() == Packaging.EXECUTABLE) {
            return List.of(
                    built.executable(service.module()).toString(),
                    "-Xmx" + service.heapMegabytes() + "m",
                    "-Djava.net.preferIPv4Stack=true",
                    locations);
        }
        var jar = built.service(service.module());
        var cache = built.packaging() == Packaging.CACHED
                ? Jvm.startsAsBefore(configuration.resolveSibling("service.aot"), jar)
                : new String[0];
        return Jvm.command(
                service.heapMegabytes(),
                cache,
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "--enable-native-access=ALL-UNNAMED",
                locations,
                "-jar",
                jar.toString());
    }

    @Override
    public boolean isReady() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(setup.https(service.id()) + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return setup.http()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    private Map<String, Object> settings() {
        var s = new LinkedHashMap<String, Object>();
        s.put("domicile.region", setup.id());
        s.put("domicile.service", service.id());
        s.put("domicile.regions.file", world.regionsFile());
        s.put("domicile.regions.key", world.regionsKey());
        s.put("domicile.fence.deadline", "5s");
        tls(s);
        stores(s);
        s.put("quarkus.oidc.auth-server-url", KeycloakPart.issuer(setup));
        s.put(
                "quarkus.tls.oidc.trust-store.pem.certs",
                setup.identity(service.id()).authority());
        s.put("quarkus.oidc.tls.tls-configuration-name", "oidc");
        s.put("quarkus.log.console.format", "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{2.}] %s%e%n");
        s.put("quarkus.log.category.\"io.smallrye.health\".level", "ERROR");
        s.put("quarkus.banner.enabled", "false");
        s.put("quarkus.datasource.reactive.max-size", 12);
        own(s);
        PropertiesFile.read(setup.home().file(setup.id() + ".properties")).forEach(s::put);
        return s;
    }

    private void tls(Map<String, Object> s) {
        var identity = setup.identity(service.id());
        s.put("quarkus.http.host", RegionSetup.LOOPBACK);
        s.put("quarkus.http.ssl-port", setup.port(service.id()));
        s.put("quarkus.http.insecure-requests", "disabled");
        s.put("quarkus.http.port", 0);
        s.put("quarkus.tls.key-store.pem.0.cert", identity.certificate());
        s.put("quarkus.tls.key-store.pem.0.key", identity.key());
        s.put("quarkus.tls.trust-store.pem.certs", identity.authority());
        s.put("domicile.peer.host", RegionSetup.LOOPBACK);
        s.put("domicile.peer.port", setup.port(service.peer()));
        s.put("domicile.peer.certificate", identity.certificate());
        s.put("domicile.peer.key", identity.key());
        s.put("domicile.peer.ca", identity.authority());
        for (var near : Service.values()) {
            s.put("domicile.peer.near." + near.id(), setup.https(near.peer()));
        }
        s.put("kafka.bootstrap.servers", KafkaPart.bootstrap(setup));
        identity.kafka().forEach((key, value) -> s.put("kafka." + key, value));
    }

    private void stores(Map<String, Object> s) {
        database(s, "quarkus.datasource.", service.id());
    }

    private void database(Map<String, Object> s, String source, String name) {
        var address = "postgresql://" + RegionSetup.LOOPBACK + ":" + setup.port(PostgresPart.PART) + "/" + name;
        s.put(source + "username", name);
        s.put(source + "password", PostgresPart.password(setup, name));
        s.put(source + "reactive.url", address);
        s.put(source + "jdbc.url", "jdbc:" + address);
    }

    private void keys(Map<String, Object> s) {
        s.put("domicile.kms.local.file", World.kms(setup, new SecureRandom()));
        // nobody makes a backup of the local stack
        s.put("domicile.keys.backups-kept", "0s");
        database(s, "quarkus.datasource.keys.", service.id() + "_keys");
    }

    private void own(Map<String, Object> s) {
        switch (service) {
            case ACCOUNT -> {
                keys(s);
                s.put("domicile.codes.directory", setup.home().file("codes"));
                s.put("domicile.keycloak.url", setup.https(KeycloakPart.PART));
                s.put("domicile.keycloak.client-id", "account-service");
                // one computer is all phones, and the load of a benchmark
                s.put("domicile.limits.sign-ups-per-hour", "1000000");
                s.put("domicile.limits.confirmations-per-hour", "1000000");
                s.put("domicile.limits.discoveries-per-hour", "1000000");
                s.put("domicile.limits.sign-ups-per-device-and-hour", "1000000");
                s.put("domicile.limits.confirmations-per-device-and-hour", "1000000");
                s.put("domicile.limits.discoveries-per-device-and-hour", "1000000");
                s.put("domicile.keycloak.client-secret", setup.secret("keycloak.account-service"));
                s.put("domicile.placement.file", world.placementFile());
            }
            case BACKUP -> {
                keys(s);
                s.put("quarkus.s3.endpoint-override", S3Part.endpoint(setup));
                s.put("quarkus.s3.path-style-access", true);
                s.put("quarkus.s3.aws.region", S3Part.AWS_REGION);
                s.put("quarkus.s3.aws.credentials.type", "static");
                s.put("quarkus.s3.aws.credentials.static-provider.access-key-id", S3Part.accessKey(setup));
                s.put("quarkus.s3.aws.credentials.static-provider.secret-access-key", S3Part.secretKey(setup));
                s.put("domicile.backup.bucket", S3Part.BUCKET);
                s.put("domicile.backup.quota", QUOTA_BYTES);
            }
            case MESSAGING -> {
                s.put("domicile.messaging.push-origin", world.pushOrigin());
                s.put("domicile.kms.local.file", World.indexKeys(setup, new SecureRandom()));
            }
            case MIGRATION -> {
                s.put(
                        "domicile.migration.signing-key",
                        world.signingKey(setup.id()).privateFile());
                s.put("domicile.migration.soak", SOAK);
                s.put("domicile.placement.file", world.placementFile());
            }
        }
    }
}
