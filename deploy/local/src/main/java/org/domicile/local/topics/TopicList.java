package org.domicile.local.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.domicile.local.LocalFailure;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Topics and rights as resources of Strimzi say them: each {@code KafkaTopic}, each {@code KafkaUser} by the common name of its certificate. */
record TopicList(List<NewTopic> topics, List<AclBinding> rights) {
    private static final String EVERYWHERE = "*";

    /**
     * @param yaml documents of Kubernetes; other kinds are passed over
     * @throws LocalFailure if it is no YAML or names no topic
     */
    static TopicList parse(String yaml) {
        var topics = new ArrayList<NewTopic>();
        var rights = new ArrayList<AclBinding>();
        try {
            for (var document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
                if (document instanceof Map<?, ?> resource) {
                    switch (String.valueOf(resource.get("kind"))) {
                        case "KafkaTopic" -> topics.add(topic(name(resource), below(resource, "spec")));
                        case "KafkaUser" -> rights.addAll(rights(name(resource), below(resource, "spec")));
                        default -> {}
                    }
                }
            }
        } catch (YAMLException e) {
            throw new LocalFailure("The file is no YAML: " + e.getMessage(), e);
        }
        if (topics.isEmpty()) {
            throw new LocalFailure(
                    "The file names no topic: give it what kubectl kustomize makes of deploy/kubernetes/msk/<region>.");
        }
        return new TopicList(topics, rights);
    }

    private static NewTopic topic(String name, Map<?, ?> spec) {
        var settings = new TreeMap<String, String>();
        below(spec, "config").forEach((key, value) -> settings.put(key.toString(), value.toString()));
        return new NewTopic(name, (Integer) spec.get("partitions"), ((Integer) spec.get("replicas")).shortValue())
                .configs(settings);
    }

    private static List<AclBinding> rights(String user, Map<?, ?> spec) {
        var rights = new ArrayList<AclBinding>();
        for (var acl : (List<?>) below(spec, "authorization").get("acls")) {
            var right = (Map<?, ?>) acl;
            for (var operation : (List<?>) right.get("operations")) {
                rights.add(new AclBinding(
                        pattern(below(right, "resource")),
                        new AccessControlEntry(
                                "User:CN=" + user,
                                EVERYWHERE,
                                AclOperation.fromString(snake(operation.toString())),
                                AclPermissionType.ALLOW)));
            }
        }
        return rights;
    }

    private static ResourcePattern pattern(Map<?, ?> resource) {
        var type = ResourceType.fromString(resource.get("type").toString());
        if (type == ResourceType.CLUSTER) {
            return new ResourcePattern(type, Resource.CLUSTER_NAME, PatternType.LITERAL);
        }
        var isPrefix = "prefix".equals(resource.get("patternType"));
        return new ResourcePattern(
                type, resource.get("name").toString(), isPrefix ? PatternType.PREFIXED : PatternType.LITERAL);
    }

    /** {@code DescribeConfigs} as {@code Describe_Configs}. */
    private static String snake(String operation) {
        return operation.replaceAll("([a-z])([A-Z])", "$1_$2");
    }

    private static String name(Map<?, ?> resource) {
        return below(resource, "metadata").get("name").toString();
    }

    private static Map<?, ?> below(Map<?, ?> map, String key) {
        return map.get(key) instanceof Map<?, ?> inner ? inner : Map.of();
    }
}
