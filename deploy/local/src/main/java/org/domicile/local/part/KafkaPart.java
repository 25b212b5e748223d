package org.domicile.local.part;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.domicile.local.LocalFailure;
import org.domicile.local.port.Ports;
import org.domicile.local.process.Launch;

/** The region's Kafka broker (KRaft, broker and controller in one): TLS, a client certificate is the identity. */
public final class KafkaPart implements Part {
    public static final String PART = "kafka";
    private static final String CONTROLLER = "kafka-controller";
    private static final String ADMINISTRATOR = "admin";
    private static final int HEAP_MB = 256;

    private final RegionSetup setup;
    private final World world;

    public KafkaPart(RegionSetup setup, World world) {
        this.setup = setup;
        this.world = world;
    }

    static String bootstrap(RegionSetup setup) {
        return "localhost:" + setup.port(PART);
    }

    /** Writes the settings of an administrator's client. */
    public static Path administrator(RegionSetup setup) {
        return PropertiesFile.write(setup.folder(PART).resolve("admin.properties"), administratorSettings(setup));
    }

    private static Map<String, String> administratorSettings(RegionSetup setup) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("bootstrap.servers", bootstrap(setup));
        settings.putAll(setup.identity(ADMINISTRATOR).kafka());
        return settings;
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
        return List.of(setup.portName(PART), setup.portName(CONTROLLER));
    }

    @Override
    public Launch prepare() {
        var folder = setup.folder(PART);
        var configuration = PropertiesFile.write(folder.resolve("server.properties"), settings());
        var logging = KafkaLogging.write(folder);
        var classpath = setup.built().classpath(PART);
        if (!Files.exists(folder.resolve("data/meta.properties"))) {
            format(configuration, classpath, logging);
        }
        administrator(setup);
        var command = Jvm.command(
                HEAP_MB,
                Jvm.startsFaster(folder),
                Jvm.COMPILES_QUICKLY,
                logging,
                "-cp",
                classpath,
                "kafka.Kafka",
                configuration.toString());
        return new Launch(command, Map.of(), folder);
    }

    @Override
    public boolean isReady() throws InterruptedException {
        if (Ports.isFree(setup.port(PART))) {
            return false;
        }
        try (var admin = admin(3_000)) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            return false;
        }
    }

    @Override
    public void provision() {
        try (var admin = admin(30_000)) {
            var topics = new Topics(setup, world);
            var present = admin.listTopics().names().get();
            var missing = topics.all().stream()
                    .filter(t -> !present.contains(t.name()))
                    .toList();
            admin.createTopics(missing).all().get();
            admin.createAcls(topics.rights()).all().get();
        } catch (ExecutionException e) {
            throw new LocalFailure(
                    "The topics of " + name() + " could not be made: "
                            + e.getCause().getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure(name() + " was interrupted.", e);
        }
    }

    private Admin admin(int timeoutMillis) {
        var settings = new HashMap<String, Object>(administratorSettings(setup));
        settings.put("default.api.timeout.ms", timeoutMillis);
        settings.put("request.timeout.ms", Math.min(timeoutMillis, 10_000));
        return Admin.create(settings);
    }

    private Map<String, String> settings() {
        var s = new LinkedHashMap<String, String>();
        s.put("process.roles", "broker,controller");
        s.put("node.id", "1");
        s.put("controller.quorum.voters", "1@localhost:" + setup.port(CONTROLLER));
        s.put("controller.listener.names", "CONTROLLER");
        s.put("inter.broker.listener.name", "CLIENT");
        s.put(
                "listeners",
                "CLIENT://127.0.0.1:" + setup.port(PART) + ",CONTROLLER://127.0.0.1:" + setup.port(CONTROLLER));
        s.put("advertised.listeners", "CLIENT://localhost:" + setup.port(PART));
        s.put("listener.security.protocol.map", "CLIENT:SSL,CONTROLLER:SSL");
        s.putAll(setup.identity(PART).kafka());
        s.remove("security.protocol");
        s.put("ssl.client.auth", "required");
        s.put("ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/");
        s.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        s.put("super.users", "User:" + setup.id() + "." + PART + ";User:" + setup.id() + "." + ADMINISTRATOR);
        s.put("log.dirs", setup.folder(PART).resolve("data").toString());
        s.put("auto.create.topics.enable", "false");
        s.put("min.insync.replicas", "1");
        s.put("default.replication.factor", "1");
        s.put("offsets.topic.replication.factor", "1");
        s.put("offsets.topic.num.partitions", "3");
        s.put("transaction.state.log.replication.factor", "1");
        s.put("transaction.state.log.min.isr", "1");
        s.put("transaction.state.log.num.partitions", "3");
        s.put("share.coordinator.state.topic.replication.factor", "1");
        s.put("share.coordinator.state.topic.min.isr", "1");
        s.put("group.initial.rebalance.delay.ms", "0");
        // sized for one laptop
        s.put("num.network.threads", "2");
        s.put("num.io.threads", "2");
        s.put("background.threads", "2");
        s.put("log.cleaner.dedupe.buffer.size", "8388608");
        s.put("log.index.size.max.bytes", "1048576");
        return s;
    }

    private void format(Path configuration, String classpath, String logging) {
        var command = Jvm.command(
                128,
                logging,
                "-cp",
                classpath,
                "kafka.tools.StorageTool",
                "format",
                "--ignore-formatted",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                configuration.toString());
        try {
            Files.createDirectories(setup.folder(PART).resolve("data"));
            var process = setup.starter().start(name() + "-setup", new Launch(command, Map.of(), setup.folder(PART)));
            if (process.waitFor() != 0) {
                throw new LocalFailure(name() + " could not make its data folder. Log: "
                        + setup.home().log(name() + "-setup"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure(name() + " was interrupted.", e);
        }
    }
}
