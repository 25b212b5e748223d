package org.domicile.local.part;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.domicile.local.process.Launch;

/** MirrorMaker 2: copies the residency directory and the erasure list of every region to every other one, and nothing else. */
public final class MirrorPart implements Part {
    public static final String PART = "mirror";
    private static final int HEAP_MB = 256;

    private final RegionSetup first;

    /** @param first any of the regions; there must be two or more */
    public MirrorPart(RegionSetup first) {
        this.first = first;
    }

    @Override
    public String name() {
        return PART;
    }

    @Override
    public List<String> needs() {
        return first.all().stream()
                .map(r -> RegionSetup.nameOf(r.id(), KafkaPart.PART))
                .toList();
    }

    @Override
    public List<String> ports() {
        return List.of();
    }

    @Override
    public Launch prepare() {
        var folder = first.home().folderOf(PART, "maker");
        var configuration = PropertiesFile.write(folder.resolve("mirror.properties"), settings());
        var command = Jvm.command(
                HEAP_MB,
                Jvm.startsFaster(folder),
                Jvm.COMPILES_QUICKLY,
                KafkaLogging.write(folder),
                "-cp",
                first.built().classpath(KafkaPart.PART),
                "org.apache.kafka.connect.mirror.MirrorMaker",
                configuration.toString());
        return new Launch(command, Map.of(), folder);
    }

    /** The source connectors run once they have made their offset topics. */
    @Override
    public boolean isReady() throws InterruptedException {
        for (var region : first.all()) {
            var settings = new HashMap<String, Object>(client(first.of(region)));
            settings.put("default.api.timeout.ms", 3_000);
            settings.put("request.timeout.ms", 3_000);
            try (var admin = Admin.create(settings)) {
                var names = admin.listTopics().names().get();
                var expected = region.othersOf(first.all())
                        .map(target -> "mm2-offset-syncs." + target.id() + ".internal")
                        .collect(Collectors.toSet());
                if (!names.containsAll(expected)) {
                    return false;
                }
            } catch (ExecutionException e) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> client(RegionSetup setup) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("bootstrap.servers", KafkaPart.bootstrap(setup));
        settings.putAll(setup.identity(PART).kafka());
        return settings;
    }

    private Map<String, String> settings() {
        var s = new LinkedHashMap<String, String>();
        s.put("clusters", first.all().stream().map(RegionSpec::id).collect(Collectors.joining(",")));
        for (var region : first.all()) {
            client(first.of(region)).forEach((key, value) -> s.put(region.id() + "." + key, value));
            region.othersOf(first.all()).forEach(target -> {
                var flow = region.id() + "->" + target.id() + ".";
                s.put(flow + "enabled", "true");
                s.put(flow + "topics", "residency\\.directory,erasure\\.list");
            });
        }
        s.put("tasks.max", "1");
        s.put("replication.factor", "1");
        s.put("offset-syncs.topic.replication.factor", "1");
        s.put("config.storage.replication.factor", "1");
        s.put("offset.storage.replication.factor", "1");
        s.put("offset.storage.partitions", "1");
        s.put("status.storage.replication.factor", "1");
        s.put("status.storage.partitions", "1");
        s.put("emit.heartbeats.enabled", "false");
        // cannot be off together with sync.group.offsets; without groups there is nothing to emit
        s.put("emit.checkpoints.enabled", "true");
        s.put("groups", "none");
        s.put("checkpoints.topic.replication.factor", "1");
        s.put("heartbeats.topic.replication.factor", "1");
        s.put("plugin.discovery", "service_load");
        s.put("sync.topic.acls.enabled", "false");
        s.put("sync.topic.configs.enabled", "false");
        s.put("sync.group.offsets.enabled", "false");
        s.put("refresh.topics.interval.seconds", "10");
        s.put("refresh.groups.enabled", "false");
        s.put("dedicated.mode.enable.internal.rest", "false");
        return s;
    }
}
