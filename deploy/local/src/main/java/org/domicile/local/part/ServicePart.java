package org.domicile.local.part;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.domicile.local.home.Built;
import org.domicile.local.home.Packaging;
import org.domicile.local.process.Launch;

/** One of the four services in one region, with its configuration written to a file. */
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
        var needs = storesAndIssuers(setup);
        if (service == Service.BACKUP) {
            needs.add(setup.nameOf(S3Part.PART));
        }
        return needs;
    }

    static List<String> storesAndIssuers(RegionSetup setup) {
        var needs = new ArrayList<>(List.of(setup.nameOf(PostgresPart.PART), setup.nameOf(KafkaPart.PART)));
        setup.all().forEach(r -> needs.add(RegionSetup.nameOf(r.id(), KeycloakPart.PART)));
        return needs;
    }

    @Override
    public List<String> ports() {
        return List.of(setup.portName(service.id()), setup.portName(ServiceSettings.peer(service.id())));
    }

    @Override
    public Launch prepare() {
        var folder = setup.folder(service.id());
        var configuration = PropertiesFile.write(folder.resolve("application.properties"), settings());
        return new Launch(command(setup.built(), service, configuration), Map.of(), folder);
    }

    /** How the service is started with this file of its configuration, as the packaging wants it. */
    public static List<String> command(Built built, Service service, Path configuration) {
        if (built.packaging() == Packaging.EXECUTABLE) {
            return List.of(
                    built.executable(service.module()).toString(),
                    "-Xmx" + service.heapMegabytes() + "m",
                    "-Djava.net.preferIPv4Stack=true",
                    "-Dquarkus.config.locations=" + configuration);
        }
        var jar = built.service(service.module());
        var cache = built.packaging() == Packaging.CACHED
                ? Jvm.startsAsBefore(configuration.resolveSibling("service.aot"), jar)
                : new String[0];
        return onJvm(service.heapMegabytes(), jar, configuration, cache);
    }

    static List<String> onJvm(int heapMegabytes, Path jar, Path configuration, String... options) {
        return Jvm.command(
                heapMegabytes,
                options,
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "--enable-native-access=ALL-UNNAMED",
                "-Dquarkus.config.locations=" + configuration,
                "-jar",
                jar.toString());
    }

    @Override
    public boolean isReady() throws IOException, InterruptedException {
        return isReady(setup, service.id());
    }

    static boolean isReady(RegionSetup setup, String id) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(setup.https(id) + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return setup.http()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    private Map<String, Object> settings() {
        var settings = new ServiceSettings(setup, service.id(), world);
        var s = settings.common();
        database(s, "quarkus.datasource.", service.id());
        own(s);
        return settings.overridden(s);
    }

    private void database(Map<String, Object> s, String source, String name) {
        ServiceSettings.database(s, source, setup, name, name, PostgresPart.password(setup, name));
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
                s.put("domicile.sender.kind", "file");
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
                s.put("domicile.limits.discoveries-per-region-and-minute", "1000000");
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
                s.put("domicile.messaging.routing-keys", world.routingKeysFile());
                s.put("domicile.kms.local.file", World.indexKeys(setup, new SecureRandom()));
            }
            case MIGRATION -> {
                s.put(
                        "domicile.migration.signing-key",
                        world.signingKey(setup.id()).privateFile());
                s.put("domicile.migration.soak", SOAK);
                s.put("domicile.placement.file", world.placementFile());
                world.marketsFile().ifPresent(markets -> {
                    s.put("domicile.markets.file", markets);
                    s.put("domicile.migration.participants", "account,backup,messaging," + ShopPart.ID);
                });
            }
        }
    }
}
