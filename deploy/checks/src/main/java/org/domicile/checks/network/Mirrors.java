package org.domicile.checks.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.checks.manifest.Manifest;
import org.domicile.checks.manifest.Manifests;
import org.domicile.checks.manifest.Selector;

/**
 * Whether the mirror of one region reaches the Kafka of another: a listener behind a name that its certificate has, for each broker too, a
 * way out and a way in, and a user with the right to read what is mirrored.
 */
public final class Mirrors {
    private final String from;
    private final Manifests caller;
    private final String to;
    private final Manifests called;
    private final List<String> found = new ArrayList<>();

    private Mirrors(String from, Manifests caller, String to, Manifests called) {
        this.from = from;
        this.caller = caller;
        this.to = to;
        this.called = called;
    }

    /**
     * What keeps the mirror in one region from reading another's topics.
     *
     * @param from the region that mirrors, with everything that is applied to it
     * @param to the region that is read
     */
    public static List<String> differences(String from, Manifests caller, String to, Manifests called) {
        var mirrors = new Mirrors(from, caller, to, called);
        mirrors.check();
        return List.copyOf(mirrors.found);
    }

    private void check() {
        var mirror = caller.get("KafkaMirrorMaker2", "mirror-from-" + to);
        var address = named(mirror.at("spec.clusters"), "alias", to)
                .path("bootstrapServers")
                .asText()
                .split(":");
        var port = Integer.parseInt(address[1]);
        var listener = listener(port);
        if (listener.isMissingNode()) {
            say("no Kafka of the region listens on " + port);
            return;
        }
        checkNames(listener.path("configuration"), address[0]);
        checkWay(mirror, listener.path("configuration"), port);
        checkRights(named(mirror.at("spec.mirrors"), "sourceCluster", to)
                .path("topicsPattern")
                .asText());
    }

    private JsonNode listener(int port) {
        return called.ofKind("Kafka")
                .flatMap(k -> StreamSupport.stream(k.at("spec.kafka.listeners").spliterator(), false))
                .filter(l -> l.path("port").asInt() == port
                        && l.path("type").asText().equals("loadbalancer"))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private void checkNames(JsonNode configuration, String bootstrap) {
        var secret =
                configuration.path("brokerCertChainAndKey").path("secretName").asText();
        var certified = called.ofKind("Certificate")
                .filter(c -> c.at("spec.secretName").asText().equals(secret))
                .flatMap(c -> texts(c.at("spec.dnsNames")).stream())
                .collect(Collectors.toSet());
        var hosts = new TreeSet<>(Set.of(bootstrap));
        configuration
                .path("brokers")
                .forEach(b -> hosts.add(b.path("advertisedHost").asText()));
        hosts.stream()
                .filter(host -> certified.stream().noneMatch(name -> names(name, host)))
                .forEach(host -> say("no certificate names " + host));
        hosts.stream()
                .filter(host -> !host.equals(bootstrap) && !host.endsWith("." + bootstrap))
                .forEach(host -> say(host + " is not below " + bootstrap));
        var brokers = called.ofKind("KafkaNodePool")
                .mapToInt(p -> p.at("spec.replicas").asInt())
                .sum();
        if (hosts.size() != brokers + 1) {
            say("of " + brokers + " brokers " + (hosts.size() - 1) + " have a name outside");
        }
    }

    private void checkWay(Manifest mirror, JsonNode configuration, int port) {
        var labels = new TreeMap<String, String>();
        mirror.at("spec.template.pod.metadata.labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        var out = caller.ofKind("NetworkPolicy")
                .filter(p -> isOf(p, to) && new Selector(p.at("spec.podSelector")).selects(labels))
                .flatMap(p -> addresses(p.at("spec.egress"), "to", port).stream())
                .toList();
        if (out.isEmpty()) {
            say("nothing may leave to it on " + port);
        }
        var in = called.ofKind("NetworkPolicy")
                .filter(p -> isOf(p, from))
                .flatMap(p -> addresses(p.at("spec.ingress"), "from", port).stream())
                .collect(Collectors.toSet());
        if (in.isEmpty()) {
            say("nothing of " + from + " may arrive on " + port);
        }
        if (!texts(configuration.path("loadBalancerSourceRanges")).containsAll(in)) {
            say("its load balancer does not let " + from + " in");
        }
    }

    private void checkRights(String pattern) {
        var certificate =
                caller.get("Certificate", "mirror").at("spec.commonName").asText();
        var user = called.ofKind("KafkaUser")
                .filter(u -> u.name().equals(certificate))
                .findFirst();
        if (user.isEmpty()) {
            say("it has no user " + certificate);
            return;
        }
        Arrays.stream(pattern.replace("\\", "").split(","))
                .filter(topic -> !reads(user.get(), topic))
                .forEach(topic -> say(certificate + " may not read " + topic));
    }

    private static boolean reads(Manifest user, String topic) {
        return StreamSupport.stream(user.at("spec.authorization.acls").spliterator(), false)
                .anyMatch(acl -> acl.path("resource").path("name").asText().equals(topic)
                        && texts(acl.path("operations")).contains("Read"));
    }

    private static boolean isOf(Manifest policy, String region) {
        return policy.at("metadata.labels").path("domicile.dev/peer").asText().equals(region);
    }

    private static List<String> addresses(JsonNode rules, String side, int port) {
        var addresses = new ArrayList<String>();
        for (var rule : rules) {
            for (var one : rule.path("ports")) {
                if (one.path("port").asInt() == port) {
                    rule.path(side)
                            .forEach(other -> addresses.add(
                                    other.path("ipBlock").path("cidr").asText()));
                }
            }
        }
        return addresses;
    }

    /** As TLS compares: a star stands for one label. */
    private static boolean names(String certified, String host) {
        return certified.equals(host)
                || certified.startsWith("*.")
                        && host.indexOf('.') > 0
                        && host.substring(host.indexOf('.')).equals(certified.substring(1));
    }

    private static JsonNode named(JsonNode list, String field, String value) {
        for (var one : list) {
            if (one.path(field).asText().equals(value)) {
                return one;
            }
        }
        return MissingNode.getInstance();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private void say(String what) {
        found.add(from + " → " + to + ": " + what + ".");
    }
}
