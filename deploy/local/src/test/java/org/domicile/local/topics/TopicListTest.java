package org.domicile.local.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclBinding;
import org.domicile.local.LocalFailure;
import org.junit.jupiter.api.Test;

class TopicListTest {
    private static final String YAML = """
            kind: ConfigMap
            metadata: {name: region}
            data: {id: x}
            ---
            kind: KafkaTopic
            metadata: {name: erasure.list}
            spec:
              partitions: 48
              replicas: 3
              config: {min.insync.replicas: 2, cleanup.policy: "compact,delete", retention.ms: 34560000000}
            ---
            kind: KafkaUser
            metadata: {name: us-west.mirror}
            spec:
              authorization:
                acls:
                  - {resource: {type: topic, name: erasure.list, patternType: literal}, operations: [Read, DescribeConfigs]}
                  - {resource: {type: topic, name: mm2-, patternType: prefix}, operations: [All]}
                  - {resource: {type: group, name: "*", patternType: literal}, operations: [Read]}
                  - {resource: {type: cluster}, operations: [Create]}
            """;

    @Test
    void a_topic_has_its_partitions_replicas_and_settings() {
        var topic = TopicList.parse(YAML).topics().getFirst();

        assertEquals("erasure.list", topic.name());
        assertEquals(48, topic.numPartitions());
        assertEquals((short) 3, topic.replicationFactor());
        assertEquals(
                Map.of(
                        "min.insync.replicas", "2",
                        "cleanup.policy", "compact,delete",
                        "retention.ms", "34560000000"),
                topic.configs());
    }

    @Test
    void a_right_is_of_the_common_name_of_a_certificate() {
        assertEquals(
                List.of(
                        "User:CN=us-west.mirror READ TOPIC LITERAL erasure.list",
                        "User:CN=us-west.mirror DESCRIBE_CONFIGS TOPIC LITERAL erasure.list",
                        "User:CN=us-west.mirror ALL TOPIC PREFIXED mm2-",
                        "User:CN=us-west.mirror READ GROUP LITERAL *",
                        "User:CN=us-west.mirror CREATE CLUSTER LITERAL kafka-cluster"),
                TopicList.parse(YAML).rights().stream()
                        .map(TopicListTest::words)
                        .toList());
    }

    @Test
    void a_file_without_topics_is_refused() {
        assertThrows(LocalFailure.class, () -> TopicList.parse("kind: ConfigMap\nmetadata: {name: x}\n"));
        assertThrows(LocalFailure.class, () -> TopicList.parse("a: [\n"));
    }

    private static String words(AclBinding right) {
        var pattern = right.pattern();
        return String.join(
                " ",
                right.entry().principal(),
                right.entry().operation().name(),
                pattern.resourceType().name(),
                pattern.patternType().name(),
                pattern.name());
    }
}
