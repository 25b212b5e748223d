package org.domicile.local.part;

import static org.apache.kafka.common.acl.AclOperation.ALL;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The topics of a region, how long each keeps its records, and who may read and write them. */
final class Topics {
    static final String DIRECTORY = "residency.directory";
    static final String ERASURES = "erasure.list";
    /** What instances of messaging-service tell each other; of no interest to who starts later. */
    private static final String WAKE_UPS = "messaging.wakeups";

    /** As long as a backup of a database may come back. */
    private static final Duration ERASURES_REMEMBERED = Duration.ofDays(400);

    private static final int PARTITIONS = 3;
    private static final short REPLICATION = 1;
    private static final String HOST = "*";

    private final RegionSetup setup;
    private final World world;

    Topics(RegionSetup setup, World world) {
        this.setup = setup;
        this.world = world;
    }

    List<NewTopic> all() {
        var topics = new ArrayList<NewTopic>();
        for (var name : List.of(
                "account.events",
                "residency.commands",
                "residency.acks",
                "backup.events",
                "messaging.events",
                "dead-letters")) {
            topics.add(kept(name, Duration.ofDays(7)));
        }
        topics.add(kept(WAKE_UPS, Duration.ofHours(1)));
        topics.add(kept("migration.jobs", Duration.ofDays(30)));
        topics.add(kept("migration.events", Duration.ofDays(30)));
        topics.add(compacted("consent.state"));
        topics.add(compacted("device.state"));
        topics.add(compacted(DIRECTORY));
        mirrored(DIRECTORY).forEach(name -> topics.add(compacted(name)));
        topics.add(remembered(ERASURES));
        mirrored(ERASURES).forEach(name -> topics.add(remembered(name)));
        return topics;
    }

    List<AclBinding> rights() {
        var rights = new ArrayList<AclBinding>();
        var directory = new ArrayList<>(mirrored(DIRECTORY));
        directory.add(DIRECTORY);
        var erasures = new ArrayList<>(mirrored(ERASURES));
        erasures.add(ERASURES);

        service(rights, "account", "account.events", "consent.state", "device.state", "residency.acks");
        // its own, after a purge, to see that nothing of the account is left there
        read(rights, "account", directory, "account.events", "consent.state", "device.state", "residency.commands");
        read(rights, "account", List.of("migration.events"));
        for (var service : List.of("backup", "messaging")) {
            service(rights, service, service + ".events", "residency.acks");
            read(rights, service, directory, "account.events", "consent.state", "device.state", "residency.commands");
        }
        rights.add(topic("messaging", WAKE_UPS, PatternType.LITERAL, WRITE));
        read(rights, "messaging", List.of(WAKE_UPS));
        if (world.hasShop()) {
            service(rights, ShopPart.ID, "residency.acks");
            read(rights, ShopPart.ID, directory, "residency.commands");
        }
        world.peers().forEach(service -> read(rights, service, erasures));
        service(rights, "migration", DIRECTORY, ERASURES, "residency.commands", "migration.jobs", "migration.events");
        read(rights, "migration", directory, "account.events", "consent.state", "residency.acks", "migration.jobs");

        mirror(rights);
        return rights;
    }

    /** A topic of the other regions, as MirrorMaker 2 names it here. */
    private List<String> mirrored(String name) {
        return setup.region()
                .othersOf(setup.all())
                .map(other -> other.id() + "." + name)
                .toList();
    }

    private void service(List<AclBinding> rights, String service, String... written) {
        for (var topic : written) {
            rights.add(topic(service, topic, PatternType.LITERAL, WRITE));
        }
        rights.add(topic(service, "dead-letters", PatternType.LITERAL, WRITE));
        rights.add(allow(service, ResourceType.GROUP, service, PatternType.PREFIXED, READ));
    }

    private void read(List<AclBinding> rights, String service, List<String> directory, String... topics) {
        directory.forEach(topic -> rights.add(topic(service, topic, PatternType.LITERAL, READ)));
        for (var topic : topics) {
            rights.add(topic(service, topic, PatternType.LITERAL, READ));
        }
    }

    private void mirror(List<AclBinding> rights) {
        rights.add(topic("mirror", "mm2-", PatternType.PREFIXED, ALL));
        for (var name : List.of(DIRECTORY, ERASURES)) {
            rights.add(topic("mirror", name, PatternType.LITERAL, READ));
            rights.add(topic("mirror", name, PatternType.LITERAL, AclOperation.DESCRIBE_CONFIGS));
            mirrored(name).forEach(topic -> rights.add(topic("mirror", topic, PatternType.LITERAL, ALL)));
        }
        rights.add(topic("mirror", "heartbeats", PatternType.LITERAL, ALL));
        setup.region()
                .othersOf(setup.all())
                .map(other -> other.id() + ".checkpoints.internal")
                .forEach(topic -> rights.add(topic("mirror", topic, PatternType.LITERAL, ALL)));
        rights.add(allow("mirror", ResourceType.GROUP, "*", PatternType.LITERAL, READ));
        rights.add(allow(
                "mirror", ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL, AclOperation.DESCRIBE));
        rights.add(
                allow("mirror", ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL, AclOperation.CREATE));
    }

    private AclBinding topic(String part, String name, PatternType pattern, AclOperation operation) {
        return allow(part, ResourceType.TOPIC, name, pattern, operation);
    }

    private AclBinding allow(String part, ResourceType type, String name, PatternType pattern, AclOperation operation) {
        var principal = "User:" + setup.id() + "." + part;
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal, HOST, operation, AclPermissionType.ALLOW));
    }

    private static NewTopic kept(String name, Duration retention) {
        return topic(name, Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(retention.toMillis())));
    }

    private static NewTopic compacted(String name) {
        var hour = Long.toString(Duration.ofHours(1).toMillis());
        var settings = new LinkedHashMap<String, String>();
        settings.put("cleanup.policy", "compact");
        settings.put("max.compaction.lag.ms", hour);
        settings.put("segment.ms", hour);
        return topic(name, settings);
    }

    /** The newest entry of each account, until no backup can hold the account any more. */
    private static NewTopic remembered(String name) {
        return topic(
                name,
                Map.of(
                        "cleanup.policy",
                        "compact,delete",
                        "retention.ms",
                        Long.toString(ERASURES_REMEMBERED.toMillis())));
    }

    private static NewTopic topic(String name, Map<String, String> settings) {
        return new NewTopic(name, PARTITIONS, REPLICATION).configs(settings);
    }
}
