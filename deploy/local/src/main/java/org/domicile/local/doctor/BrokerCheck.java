package org.domicile.local.doctor;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** Kafka as a service reaches it: version in KRaft mode, TLS, brokers and their zones. */
final class BrokerCheck {
    private static final String PART = "Kafka";
    private static final String METADATA = "metadata.version";
    /** The first of 4.1 (IBP_4_1_IV0); a cluster of ZooKeeper has none. */
    private static final int LEAST = 26;

    private static final int ZONES = 3;

    private final RegionFile region;
    private final Clock clock;

    BrokerCheck(RegionFile region, Clock clock) {
        this.region = region;
        this.clock = clock;
    }

    List<Finding> findings() {
        var settings =
                new HashMap<String, Object>(Map.of("default.api.timeout.ms", 30_000, "request.timeout.ms", 30_000));
        settings.putAll(region.below("kafka."));
        var findings = new ArrayList<Finding>();
        findings.add(tls(String.valueOf(settings.getOrDefault("security.protocol", "PLAINTEXT")), settings));
        if ("SSL".equals(settings.get("security.protocol"))) {
            findings.addAll(certificates(settings));
        }
        try (var admin = Admin.create(settings)) {
            var features = admin.describeFeatures().featureMetadata().get().finalizedFeatures();
            var level = features.get(METADATA);
            findings.add(version(level == null ? 0 : level.maxVersionLevel()));
            findings.addAll(brokers(List.copyOf(admin.describeCluster().nodes().get())));
        } catch (KafkaException | ExecutionException e) {
            var reason = e instanceof ExecutionException ? e.getCause() : e;
            findings.add(Finding.failed(
                    PART,
                    "sign-in",
                    String.valueOf(reason.getMessage()),
                    "check kafka.bootstrap.servers, the certificate of the service and the trusted authority"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return findings;
    }

    /** Of every server that is named, as Kafka's own client is configured. */
    private List<Finding> certificates(Map<String, Object> settings) {
        try (var files = new DefaultSslEngineFactory()) {
            files.configure(new AdminClientConfig(settings).values());
            var check = new CertificateCheck(PART, files.sslContext(), clock);
            return Arrays.stream(
                            String.valueOf(settings.get("bootstrap.servers")).split(","))
                    .map(String::strip)
                    .flatMap(server -> {
                        var colon = server.lastIndexOf(':');
                        return check
                                .findings(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)))
                                .stream();
                    })
                    .toList();
        } catch (KafkaException | IndexOutOfBoundsException | NumberFormatException e) {
            return List.of(Finding.failed(
                    PART,
                    "certificates",
                    String.valueOf(e.getMessage()),
                    "check kafka.bootstrap.servers, kafka.ssl.keystore and kafka.ssl.truststore"));
        }
    }

    static Finding tls(String protocol, Map<String, ?> settings) {
        var certificate = settings.containsKey("ssl.keystore.location");
        return Finding.of(
                PART,
                "TLS",
                protocol.equals("SSL") && certificate,
                protocol + (certificate ? " with" : " without") + " a certificate of the client",
                "set kafka.security.protocol=SSL and kafka.ssl.keystore.location: brokers know services by"
                        + " certificate");
    }

    static Finding version(int level) {
        return Finding.of(
                PART,
                "version",
                level >= LEAST,
                level == 0 ? "no KRaft cluster" : METADATA + " " + level,
                "run Kafka 4.1 or newer in KRaft mode, and raise " + METADATA + " (kafka-features.sh upgrade)");
    }

    static List<Finding> brokers(List<Node> nodes) {
        var zones = new HashSet<String>();
        nodes.stream().filter(Node::hasRack).forEach(node -> zones.add(node.rack()));
        return List.of(
                Finding.of(PART, "brokers", nodes.size() >= ZONES, Integer.toString(nodes.size()), "run three or more"),
                Finding.of(
                        PART,
                        "zones",
                        zones.size() >= ZONES,
                        zones.size() + " named",
                        "run brokers in three zones, and set broker.rack to the zone"));
    }
}
