package org.domicile.checks.network;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.domicile.checks.manifest.Manifest;
import org.domicile.checks.manifest.Manifests;
import org.domicile.checks.manifest.Selector;

/**
 * Which arrows the network policies of a region open. Between two kinds of pods one is open if it is allowed where it leaves and
 * where it arrives; what is allowed at one end only is a mistake. What is outside the namespace counts as its policy says:
 * a namespace by its name, addresses by the policy's label {@code domicile.dev/outside}, or {@code domicile.dev/peer}. Who is so called
 * has the same addresses in every policy, and no more than one place has.
 */
public final class OpenArrows {
    private static final String PEERS = "peers";
    /** Bits that the addresses of one place have in common at the least: a VPC of AWS is not larger. */
    private static final int PLACE = 16;

    private static final int PLACE_OF_IPV6 = 48;

    private final Manifests manifests;
    private final List<Pods> pods;
    private final Set<Arrow> leaving = new TreeSet<>();
    private final Set<Arrow> arriving = new TreeSet<>();
    private final Set<Arrow> outside = new TreeSet<>();
    private final Map<Arrow, Set<String>> peers = new HashMap<>();
    private final Map<String, Map<String, Set<String>>> addresses = new TreeMap<>();
    private final Set<String> mistakes = new LinkedHashSet<>();

    private OpenArrows(Manifests manifests) {
        this.manifests = manifests;
        this.pods = Pods.of(manifests);
    }

    /**
     * What is open and should not be, what should be open and is not, what is allowed at one end only.
     *
     * @param regions the other regions
     */
    public static List<String> differences(Manifests manifests, Set<Arrow> wanted, Set<String> regions) {
        var open = new OpenArrows(manifests);
        open.read();
        return open.compare(wanted, regions);
    }

    private void read() {
        manifests.ofKind("NetworkPolicy").forEach(policy -> {
            var selected = pods.stream()
                    .filter(p -> new Selector(policy.at("spec.podSelector")).selects(p.labels()))
                    .toList();
            if (selected.isEmpty()) {
                mistakes.add(policy.id() + ": is of no pod.");
            }
            policy.at("spec.ingress").forEach(rule -> rule(policy, selected, rule, "from", false));
            policy.at("spec.egress").forEach(rule -> rule(policy, selected, rule, "to", true));
        });
        var denies = manifests
                .ofKind("NetworkPolicy")
                .anyMatch(p -> p.at("spec.podSelector").isEmpty()
                        && p.at("spec.policyTypes").size() == 2
                        && p.at("spec.ingress").isEmpty()
                        && p.at("spec.egress").isEmpty());
        if (!denies) {
            mistakes.add("no policy denies everything to all pods.");
        }
    }

    private void rule(Manifest policy, List<Pods> selected, JsonNode rule, String side, boolean egress) {
        if (rule.path(side).isEmpty() || rule.path("ports").isEmpty()) {
            mistakes.add(policy.id() + ": a rule without \"" + side + "\" or without ports opens everything.");
        }
        rule.path("ports").forEach(port -> rule.path(side).forEach(other -> {
            var text = text(port);
            selected.forEach(one -> open(policy, one, other, text, egress));
        }));
    }

    /** As {@link Arrow} writes it; a policy that names no port opens {@code any}. */
    private static String text(JsonNode port) {
        var number = port.path("port").asText("any");
        var range = port.has("endPort") ? number + "-" + port.path("endPort").asText() : number;
        var protocol = port.path("protocol").asText("TCP");
        return protocol.equals("TCP") ? range : range + "/" + protocol;
    }

    private void open(Manifest policy, Pods one, JsonNode other, String port, boolean egress) {
        if (other.has("ipBlock")) {
            address(policy, one, other.path("ipBlock"), port, egress);
        } else if (other.has("namespaceSelector")) {
            var name = namespace(policy, other);
            outside.add(egress ? new Arrow(one.name(), name, port) : new Arrow(name, one.name(), port));
        } else {
            var selector = new Selector(other.path("podSelector"));
            pods.stream().filter(p -> selector.selects(p.labels())).forEach(p -> {
                if (egress) {
                    leaving.add(new Arrow(one.name(), p.name(), port));
                } else {
                    arriving.add(new Arrow(p.name(), one.name(), port));
                }
            });
        }
    }

    private void address(Manifest policy, Pods one, JsonNode block, String port, boolean egress) {
        var labels = policy.at("metadata.labels");
        var region = labels.path("domicile.dev/peer").asText("");
        var name = region.isEmpty() ? labels.path("domicile.dev/outside").asText("") : PEERS;
        if (name.isEmpty()) {
            mistakes.add(policy.id() + ": does not say whose address it opens (label domicile.dev/outside).");
        }
        var cidr = block.path("cidr").asText();
        if (isWide(cidr)) {
            mistakes.add(policy.id() + ": opens " + cidr + ", which is more than one place.");
        }
        addresses
                .computeIfAbsent(region.isEmpty() ? name : region, n -> new TreeMap<>())
                .computeIfAbsent(policy.id(), id -> new TreeSet<>())
                .add(block.has("except") ? cidr + " except " + block.path("except") : cidr);
        var arrow = egress ? new Arrow(one.name(), name, port) : new Arrow(name, one.name(), port);
        if (region.isEmpty()) {
            outside.add(arrow);
        } else {
            peers.computeIfAbsent(arrow, a -> new TreeSet<>()).add(region);
        }
    }

    private static boolean isWide(String cidr) {
        var bits = Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
        return bits < (cidr.contains(":") ? PLACE_OF_IPV6 : PLACE);
    }

    private String namespace(Manifest policy, JsonNode other) {
        var name = other.path("namespaceSelector")
                .path("matchLabels")
                .path("kubernetes.io/metadata.name")
                .asText("");
        if (name.isEmpty()) {
            mistakes.add(policy.id() + ": opens more than one namespace.");
        }
        var isDns = other.path("podSelector")
                .path("matchLabels")
                .path("k8s-app")
                .asText()
                .equals("kube-dns");
        return isDns ? "dns" : name;
    }

    private List<String> compare(Set<Arrow> wanted, Set<String> regions) {
        leaving.stream()
                .filter(a -> !arriving.contains(a))
                .forEach(a -> mistakes.add(a + " may leave and may not arrive."));
        arriving.stream()
                .filter(a -> !leaving.contains(a))
                .forEach(a -> mistakes.add(a + " may arrive and may not leave."));
        peers.forEach((arrow, with) -> {
            if (!with.equals(new TreeSet<>(regions))) {
                mistakes.add(arrow + " is open for the regions " + with + ", not for " + new TreeSet<>(regions) + ".");
            }
        });
        addresses.forEach((name, policies) -> {
            if (Set.copyOf(policies.values()).size() > 1) {
                mistakes.add(name + " has other addresses in one policy than in another: " + policies + ".");
            }
        });
        var open = new TreeSet<>(leaving);
        open.retainAll(arriving);
        open.addAll(outside);
        open.addAll(peers.keySet());
        open.stream().filter(a -> !wanted.contains(a)).forEach(a -> mistakes.add(a + " is open and is not an arrow."));
        wanted.stream().filter(a -> !open.contains(a)).forEach(a -> mistakes.add(a + " is an arrow and is not open."));
        return List.copyOf(mistakes);
    }
}
