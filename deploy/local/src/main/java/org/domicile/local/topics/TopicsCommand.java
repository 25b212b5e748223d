package org.domicile.local.topics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.domicile.local.LocalFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes topics and rights into a Kafka that no operator looks after; what is there already is left, its settings are made the same. */
@Command(
        name = "topics",
        description = {
            "Write the topics of a region and who may use them into its managed Kafka.",
            "",
            "Example: kubectl kustomize deploy/kubernetes/msk/us-west > topics.yaml",
            "         ./domicile topics topics.yaml --kafka client.properties"
        },
        mixinStandardHelpOptions = true)
public final class TopicsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What kubectl kustomize makes of deploy/kubernetes/msk/<region>.")
    private Path file;

    @Option(
            names = "--kafka",
            paramLabel = "FILE",
            description = "Settings of a client that may write them: bootstrap.servers, security.protocol=SSL, ssl.*;"
                    + " needed unless --dry-run")
    private Path client;

    @Option(names = "--dry-run", description = "Say what would be written.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var list = TopicList.parse(text(file));
        var out = spec.commandLine().getOut();
        if (dryRun) {
            list.topics().forEach(t -> out.println("topic " + t.name() + " " + t.configs()));
            list.rights()
                    .forEach(r -> out.println(
                            "right " + r.entry().principal() + " " + r.entry().operation() + " " + r.pattern()));
            return 0;
        }
        if (client == null) {
            throw new LocalFailure(
                    "Name the settings of a client that may write topics with --kafka, or ask with --dry-run.");
        }
        try (var admin = Admin.create(settings())) {
            var there = admin.listTopics().names().get();
            admin.createTopics(list.topics().stream()
                            .filter(t -> !there.contains(t.name()))
                            .toList())
                    .all()
                    .get();
            admin.incrementalAlterConfigs(settings(list.topics(), there)).all().get();
            admin.createAcls(list.rights()).all().get();
        } catch (ExecutionException e) {
            throw new LocalFailure("Kafka refused: " + e.getCause().getMessage(), e);
        } catch (KafkaException e) {
            throw new LocalFailure("Kafka is not reached: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Interrupted.", e);
        }
        out.println(list.topics().size() + " topics, " + list.rights().size() + " rights.");
        return 0;
    }

    private static Map<ConfigResource, Collection<AlterConfigOp>> settings(List<NewTopic> topics, Set<String> there) {
        return topics.stream()
                .filter(t -> there.contains(t.name()))
                .collect(Collectors.toMap(
                        t -> new ConfigResource(ConfigResource.Type.TOPIC, t.name()),
                        t -> t.configs().entrySet().stream()
                                .map(e -> new AlterConfigOp(
                                        new ConfigEntry(e.getKey(), e.getValue()), AlterConfigOp.OpType.SET))
                                .toList()));
    }

    private Properties settings() {
        var settings = new Properties();
        try (var in = Files.newBufferedReader(client)) {
            settings.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new LocalFailure("The settings in " + client + " cannot be read: " + e.getMessage(), e);
        }
        return settings;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new LocalFailure("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
