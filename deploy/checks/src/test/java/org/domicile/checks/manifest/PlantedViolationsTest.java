package org.domicile.checks.manifest;

import static org.domicile.checks.manifest.Planted.REGION;
import static org.domicile.checks.manifest.Planted.assertSays;
import static org.domicile.checks.manifest.Planted.changed;
import static org.domicile.checks.manifest.Planted.configured;
import static org.domicile.checks.manifest.Planted.container;
import static org.domicile.checks.manifest.Planted.object;
import static org.domicile.checks.manifest.Planted.pod;
import static org.domicile.checks.manifest.Planted.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each rule says what is wrong with a region into which one mistake was put. */
class PlantedViolationsTest {
    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    @Test
    void an_image_called_latest() {
        var found = new ImagesArePinned()
                .violations(changed(m -> container(m, "account").put("image", "domicile/account-service:latest")));
        assertSays(found, "Deployment/account: the image domicile/account-service:latest has neither a digest");
    }

    @Test
    void an_image_without_a_tag_in_an_operators_resource() {
        var found = new ImagesArePinned()
                .violations(changed(m ->
                        object(m, "Keycloak", "keycloak").withObject("/spec").put("image", "domicile/keycloak")));
        assertSays(found, "Keycloak/keycloak: the image domicile/keycloak has neither");
    }

    @Test
    void a_digest_is_a_pin() {
        var digest = "domicile/account-service@sha256:" + "0a".repeat(32);
        assertEquals(List.of(), new ImagesArePinned().violations(changed(m -> container(m, "account")
                .put("image", digest))));
    }

    @Test
    void no_limit_of_memory() {
        var found = new LimitsAreSet()
                .violations(changed(m ->
                        container(m, "backup").withObject("/resources/limits").remove("memory")));
        assertSays(found, "Deployment/backup container service: limits.memory is not set.");
    }

    @Test
    void no_limit_in_an_operators_resource() {
        var found = new LimitsAreSet()
                .violations(changed(m ->
                        object(m, "Cluster", "account-db").withObject("/spec").remove("resources")));
        assertSays(found, "Cluster/account-db spec.resources: requests.cpu is not set.");
    }

    @Test
    void no_probe() {
        var found = new ProbesAreSet()
                .violations(changed(m -> container(m, "messaging").remove("readinessProbe")));
        assertSays(found, "Deployment/messaging container service: readinessProbe is not set.");
    }

    @Test
    void a_root_file_system_that_can_be_written() {
        var found = new PodsAreRestricted()
                .violations(changed(m ->
                        container(m, "account").withObject("/securityContext").remove("readOnlyRootFilesystem")));
        assertSays(found, "Deployment/account: the root file system can be written.");
    }

    @Test
    void root_in_a_job() {
        var found = new PodsAreRestricted().violations(changed(m -> object(m, "Job", "schema-account")
                .withObject("/spec/template/spec/securityContext")
                .remove("runAsNonRoot")));
        assertSays(found, "Job/schema-account: runAsNonRoot is not true.");
    }

    @Test
    void a_volume_of_the_host() {
        var found = new PodsAreRestricted().violations(changed(m -> pod(m, "account")
                .withArray("/volumes")
                .addObject()
                .put("name", "x")
                .putObject("hostPath")
                .put("path", "/")));
        assertSays(found, "Deployment/account: a volume of type hostPath is not allowed.");
    }

    @Test
    void a_password_in_the_environment() {
        var found = new NoSecretInClear().violations(changed(m -> container(m, "account")
                .withArray("/env")
                .addObject()
                .put("name", "QUARKUS_DATASOURCE_PASSWORD")
                .put("value", "hunter2")));
        assertSays(found, "Deployment/account: QUARKUS_DATASOURCE_PASSWORD is written in clear.");
    }

    @Test
    void a_password_in_a_file_of_a_config_map() {
        var found = new NoSecretInClear().violations(REGION.rendered().with("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: planted}
                data:
                  x.properties: |
                    # a comment
                    quarkus.datasource.password=hunter2
                """));
        assertEquals(List.of("ConfigMap/planted: quarkus.datasource.password is written in clear."), found);
    }

    @Test
    void a_secret_and_a_login_in_an_address() {
        var found = new NoSecretInClear().violations(REGION.rendered().with("""
                apiVersion: v1
                kind: Secret
                metadata: {name: planted}
                stringData: {url: "postgresql://account:hunter2@db/account"}
                """));
        assertEquals(
                List.of(
                        "Secret/planted: a secret does not belong here, only an ExternalSecret.",
                        "Secret/planted: holds a key or a login."),
                found);
    }

    @Test
    void a_door_a_broker_a_database_and_a_keycloak_that_take_older_tls() {
        var found = new OnlyTls13().violations(changed(m -> {
            object(m, "ClientTrafficPolicy", "public").withObject("/spec/tls").remove("minVersion");
            object(m, "Kafka", "kafka").withObject("/spec/kafka/config").remove("ssl.enabled.protocols");
            object(m, "Cluster", "backup-db")
                    .withObject("/spec/postgresql/parameters")
                    .put("ssl_min_protocol_version", "TLSv1.2");
            ((ObjectNode) object(m, "Keycloak", "keycloak")
                            .withArray("/spec/additionalOptions")
                            .get(0))
                    .put("value", "TLSv1.3,TLSv1.2");
        }));
        assertEquals(
                List.of(
                        "Gateway/public: takes TLS older than 1.3.",
                        "Kafka/kafka: takes TLS older than 1.3.",
                        "Cluster/backup-db: takes TLS older than 1.3.",
                        "Keycloak/keycloak: takes TLS older than 1.3."),
                found);
    }

    @Test
    void a_door_that_no_policy_names_a_listener_and_a_line_without_tls() {
        var found = new OnlyTls13().violations(changed(m -> {
            ((ObjectNode) object(m, "ClientTrafficPolicy", "public")
                            .withArray("/spec/targetRefs")
                            .get(0))
                    .put("name", "another");
            ((ObjectNode) object(m, "Kafka", "kafka")
                            .withArray("/spec/kafka/listeners")
                            .get(1))
                    .put("tls", false);
            object(m, "Cluster", "backup-db")
                    .withArray("/spec/postgresql/pg_hba")
                    .add("host all all all md5");
        }));
        assertEquals(
                List.of(
                        "Gateway/public: takes TLS older than 1.3.",
                        "Kafka/kafka: the listener mirrors is without TLS.",
                        "Cluster/backup-db: \"host all all all md5\" lets in without TLS."),
                found);
    }

    @Test
    void a_service_that_speaks_older_tls() {
        for (var key : List.of(
                "quarkus.tls.protocols",
                "quarkus.tls.oidc.protocols",
                "quarkus.tls.traces.protocols",
                "kafka.ssl.enabled.protocols")) {
            var found = new OnlyTls13().violations(configured(key + "=TLSv1.3", key + "=TLSv1.3,TLSv1.2"));
            assertSays(found, "Deployment/account: " + key + " is \"TLSv1.3,TLSv1.2\", not TLSv1.3.");
            assertSays(found, "Job/schema-account: " + key + " is ");
            assertSays(
                    new OnlyTls13().violations(configured(key + "=TLSv1.3\n", "")),
                    "Deployment/backup: " + key + " is \"\", not TLSv1.3.");
        }
    }

    @Test
    void older_tls_in_the_environment() {
        var found = new OnlyTls13().violations(changed(m -> container(m, "account")
                .withArray("/env")
                .addObject()
                .put("name", "QUARKUS_TLS_PROTOCOLS")
                .put("value", "TLSv1.2")));
        assertEquals(List.of("Deployment/account: quarkus.tls.protocols is \"TLSv1.2\", not TLSv1.3."), found);
    }

    @Test
    void no_disruption_budget_and_no_spread() {
        var found = new ServicesSurviveZones().violations(changed(m -> {
            object(m, "PodDisruptionBudget", "account")
                    .withObject("/spec/selector/matchLabels")
                    .put("app.kubernetes.io/name", "nobody");
            pod(m, "account").remove("topologySpreadConstraints");
        }));
        assertEquals(
                List.of(
                        "Deployment/account: is not spread over zones (whenUnsatisfiable: DoNotSchedule).",
                        "Deployment/account: has no PodDisruptionBudget."),
                found);
    }

    @Test
    void a_secret_that_nothing_makes() {
        var found = new ReferencesExist().violations(changed(m -> ((ObjectNode)
                        container(m, "account").withArray("/env").get(2))
                .withObject("/valueFrom/secretKeyRef")
                .put("name", "acount-database")));
        assertSays(found, "Deployment/account: nothing makes the secret acount-database.");
    }

    @Test
    void a_number_of_replicas_that_undoes_the_scaling_and_a_scaling_to_one() {
        var found = new ServicesSurviveZones().violations(changed(m -> {
            object(m, "Deployment", "account").withObject("/spec").put("replicas", 3);
            object(m, "ScaledObject", "backup").withObject("/spec").put("minReplicaCount", 1);
        }));
        assertEquals(
                List.of(
                        "Deployment/account: says how many replicas there are, which whoever scales it decides.",
                        "Deployment/backup: is not scaled to two or more by anything."),
                found);
    }

    @Test
    void an_archive_that_two_databases_write_and_a_store_that_is_not_there() {
        var found = new DatabasesAreRestored().violations(changed(m -> {
            object(m, "Cluster", "account-db")
                    .withObject("/spec/plugins/0/parameters")
                    .put("serverName", "backup-db");
            object(m, "Cluster", "keycloak-db")
                    .withObject("/spec/plugins/0/parameters")
                    .put("barmanObjectName", "nothing");
        }));
        assertEquals(
                List.of(
                        "Cluster/account-db: another database writes the archive backup-db.",
                        "Cluster/backup-db: another database writes the archive backup-db.",
                        "Cluster/keycloak-db: is not archived in a store of the region."),
                found);
    }

    @Test
    void a_latency_that_is_shared_by_pods_and_a_sum_that_is_not() {
        var found = new TriggersFit().violations(changed(m -> {
            ((ObjectNode) object(m, "ScaledObject", "account")
                            .withArray("/spec/triggers")
                            .get(0))
                    .remove("metricType");
            ((ObjectNode) object(m, "ScaledObject", "messaging")
                            .withArray("/spec/triggers")
                            .get(0))
                    .put("metricType", "Value");
        }));
        assertEquals(2, found.size(), found.toString());
        assertTrue(found.getFirst().endsWith("is to be compared as Value."), found.toString());
        assertTrue(found.getLast().endsWith("is to be compared as AverageValue."), found.toString());
    }

    @Test
    void more_pods_a_bigger_pool_and_a_smaller_database_than_fit() {
        var found = new ConnectionsFit()
                .violations(changed(m ->
                        object(m, "ScaledObject", "account").withObject("/spec").put("maxReplicaCount", 60)));
        assertEquals(
                List.of(
                        "Cluster/account-db: 878 connections may be wanted, it takes 400.",
                        "Cluster/account-keys-db: 630 connections may be wanted, it takes 400."),
                found);
        assertEquals(
                List.of("Cluster/backup-keys-db: 478 connections may be wanted, it takes 400."),
                new ConnectionsFit()
                        .violations(
                                changed(
                                        m -> m.ofKind("ConfigMap")
                                                .filter(c -> c.name().startsWith("config-backup"))
                                                .forEach(
                                                        c -> c.content()
                                                                .withObject("/data")
                                                                .put(
                                                                        "service.properties",
                                                                        "quarkus.datasource.reactive.max-size=12\nquarkus.datasource.keys.reactive.max-size=16\n")))));
        assertEquals(
                List.of("Cluster/keycloak-db: 310 connections may be wanted, it takes 300."),
                new ConnectionsFit().violations(changed(m -> object(m, "Cluster", "keycloak-db")
                        .withObject("/spec/postgresql/parameters")
                        .put("max_connections", "300"))));
    }

    @Test
    void a_pool_that_nobody_sets() {
        assertSays(
                new ConnectionsFit().violations(configured("quarkus.datasource.reactive.max-size", "x")),
                "Deployment/account: quarkus.datasource.reactive.max-size is not set.");
    }

    @Test
    void flyways_pool_is_the_one_that_is_counted_with() {
        var shared = Sources.here().read("platform/src/main/resources/META-INF/microprofile-config.properties");
        assertTrue(shared.contains("quarkus.datasource.jdbc.max-size=" + ConnectionsFit.FLYWAY + "\n"));
        for (var service : List.of("account-service", "cloud-backup-service")) {
            assertTrue(Sources.here()
                    .read(service + "/src/main/resources/application.properties")
                    .contains("quarkus.datasource.keys.jdbc.max-size=" + ConnectionsFit.FLYWAY + "\n"));
        }
    }

    @Test
    void an_authority_of_kafkas_clients_that_nothing_makes() {
        assertEquals(
                List.of("Kafka: nothing makes the secret kafka-clients-ca."),
                new ReferencesExist().violations(without("ExternalSecret", "kafka-clients-ca")));
    }

    @Test
    void a_database_whose_schema_nobody_makes() {
        assertEquals(
                List.of("Deployment/backup: no job makes its schema."),
                new SchemaIsMade().violations(without("Job", "schema-backup")));
        var keys = new SchemaIsMade().violations(changed(m -> ((ArrayNode)
                        object(m, "Job", "schema-account").at("/spec/template/spec/containers/0/env"))
                .forEach(e -> {
                    if (e.path("name").asText().startsWith("QUARKUS_FLYWAY_KEYS_MIGRATE")) {
                        ((ObjectNode) e).put("value", "false");
                    }
                })));
        assertEquals(
                List.of("Job/schema-account: does not make a schema (quarkus.flyway.keys.migrate-at-start)."), keys);
    }

    @Test
    void a_service_that_changes_its_schema_and_a_job_of_another_release() {
        var found = new SchemaIsMade().violations(changed(m -> {
            container(m, "account")
                    .withArray("/env")
                    .addObject()
                    .put("name", "QUARKUS_FLYWAY_MIGRATE_AT_START")
                    .put("value", "true");
            container(m, "migration").put("image", "domicile/migration-service:0.2.0");
        }));
        assertEquals(
                List.of(
                        "Deployment/account: changes its schema itself (quarkus.flyway.migrate-at-start).",
                        "Job/schema-migration: is of another release than Deployment/migration."),
                found);
    }

    @Test
    void a_job_that_gives_up_or_does_not_end() {
        var found = new SchemaIsMade().violations(changed(m -> {
            object(m, "Job", "schema-account").withObject("/spec").put("backoffLimit", 3);
            object(m, "Job", "schema-backup").withObject("/spec").put("activeDeadlineSeconds", 900);
            ((ArrayNode) object(m, "Job", "schema-messaging").at("/spec/template/spec/containers/0/env")).removeAll();
        }));
        assertEquals(
                List.of(
                        "Job/schema-account: gives up while databases are being made.",
                        "Job/schema-backup: gives up while databases are being made.",
                        "Job/schema-messaging: does not make a schema (quarkus.flyway.migrate-at-start).",
                        "Job/schema-messaging: does not end when it is done."),
                found);
    }

    @Test
    void a_field_that_does_not_exist() {
        var found = new StrictSchemas()
                .violations(changed(m -> container(m, "account").put("livenesProbe", "x")));
        assertEquals(1, found.size());
        assertTrue(found.getFirst().contains("livenesProbe"), found.toString());
    }

    @Test
    void a_field_that_does_not_exist_in_strimzis_and_in_kedas_kinds() {
        var found = new StrictSchemas().violations(changed(m -> {
            object(m, "Kafka", "kafka").withObject("/spec/kafka").put("listner", "x");
            object(m, "ScaledObject", "account").withObject("/spec").put("maxReplicas", 3);
            object(m, "PrometheusRule", "backup")
                    .withObject("/spec/groups/0/rules/0")
                    .put("expression", "1");
            object(m, "ScaledJob", "migration-jobs")
                    .withObject("/spec/jobTargetRef/template/spec")
                    .put("serviceAcount", "x");
        }));
        assertEquals(4, found.size(), found.toString());
        assertTrue(
                found.toString()
                        .contains("PrometheusRule/backup: the field spec.groups[].rules[].expression is not known."),
                found.toString());
        assertTrue(
                found.toString().contains("ScaledObject/account: the field spec.maxReplicas is not known."),
                found.toString());
        assertTrue(found.toString().contains("listner"), found.toString());
        assertTrue(found.toString().contains("serviceAcount"), found.toString());
    }

    @Test
    void a_kind_that_nobody_knows() {
        var found = new StrictSchemas()
                .violations(
                        REGION.rendered().with("apiVersion: v2\nkind: Deploymint\nmetadata: {name: x}\nspec: {}\n"));
        assertEquals(List.of("Deploymint/x: the kind v2/Deploymint is not known to these checks."), found);
    }

    @Test
    void a_key_that_no_service_reads_and_one_that_nothing_sets() {
        var found = new ConfigurationIsRead(Sources.here()).violations(changed(m -> m.ofKind("ConfigMap")
                .filter(c -> c.name().startsWith("config-backup"))
                .forEach(
                        c -> c.content().withObject("/data").put("service.properties", "domicile.backup.buckit=x\n"))));
        assertEquals(
                1,
                found.stream()
                        .filter(s -> s.endsWith("no service reads domicile.backup.buckit."))
                        .count(),
                found.toString());
        assertSays(found, "nothing sets domicile.backup.bucket");
    }

    @Test
    void an_alert_and_a_dashboard_that_are_not_applied() {
        var found = new SeenIsApplied(Sources.here()).violations(changed(m -> {
            object(m, "PrometheusRule", "moves").withObject("/spec").putArray("groups");
            object(m, "ConfigMap", "dashboard-promises")
                    .withObject("/metadata/labels")
                    .remove("grafana_dashboard");
        }));
        assertEquals(
                List.of(
                        "the alert MoveQuarantined is not applied.",
                        "the alert MoveSlow is not applied.",
                        "the alert MoveStuck is not applied.",
                        "the alert WaveHalted is not applied.",
                        "the alert WritePauseLong is not applied.",
                        "the dashboard domicile-promises.json is not applied."),
                found);
    }

    @Test
    void a_name_that_is_still_the_one_of_base() {
        var found = new NamesOfTheRegion()
                .violations(changed(m ->
                        object(m, "Certificate", "account").withObject("/spec").put("commonName", "region.account")));
        assertEquals(List.of("Certificate/account: \"region.account\" does not name the region."), found);
    }
}
