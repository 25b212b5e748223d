package org.domicile.local.part;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.domicile.local.LocalFailure;
import org.domicile.local.process.Launch;

/** The region's object store: S3Proxy on a folder. */
public final class S3Part implements Part {
    public static final String PART = "s3";
    public static final String BUCKET = "domicile-backup";
    public static final String AWS_REGION = "us-east-1";
    private static final int HEAP_MB = 384;

    private final RegionSetup setup;

    public S3Part(RegionSetup setup) {
        this.setup = setup;
    }

    public static String endpoint(RegionSetup setup) {
        return "http://" + RegionSetup.LOOPBACK + ":" + setup.port(PART);
    }

    public static String accessKey(RegionSetup setup) {
        return setup.id() + "-backup";
    }

    public static String secretKey(RegionSetup setup) {
        return setup.secret("s3");
    }

    @Override
    public String name() {
        return setup.nameOf(PART);
    }

    @Override
    public List<String> needs() {
        return List.of();
    }

    @Override
    public List<String> ports() {
        return List.of(setup.portName(PART));
    }

    @Override
    public Launch prepare() {
        var folder = setup.folder(PART);
        var objects = folder.resolve("objects");
        try {
            Files.createDirectories(objects.resolve(BUCKET));
        } catch (IOException e) {
            throw new LocalFailure("The bucket of " + name() + " cannot be made: " + e.getMessage(), e);
        }
        var settings = new LinkedHashMap<String, String>();
        settings.put("s3proxy.endpoint", endpoint(setup));
        settings.put("s3proxy.authorization", "aws-v2-or-v4");
        settings.put("s3proxy.identity", accessKey(setup));
        settings.put("s3proxy.credential", secretKey(setup));
        settings.put("s3proxy.ignore-unknown-headers", "true");
        settings.put("jclouds.provider", "filesystem-nio2");
        settings.put("jclouds.identity", "unused");
        settings.put("jclouds.credential", "unused");
        settings.put("jclouds.filesystem.basedir", objects.toString());
        var configuration = PropertiesFile.write(folder.resolve("s3proxy.properties"), settings);
        var command = Jvm.command(
                HEAP_MB,
                Jvm.startsFaster(folder),
                "-DLOG_LEVEL=warn",
                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
                "-cp",
                setup.built().classpath("s3proxy"),
                "org.gaul.s3proxy.Main",
                "--properties",
                configuration.toString());
        return new Launch(command, Map.of(), folder);
    }

    /** Anything that answers is up: without a signature that is 403. */
    @Override
    public boolean isReady() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(endpoint(setup)))
                .timeout(Duration.ofSeconds(3))
                .build();
        return setup.http()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                > 0;
    }
}
