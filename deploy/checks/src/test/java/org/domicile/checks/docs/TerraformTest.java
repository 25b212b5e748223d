package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.domicile.checks.Sources;
import org.domicile.checks.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerraformTest {
    private static final Tool TERRAFORM = new Tool("terraform");

    /** What Terraform says if a registry is not reached; anything else that is wrong fails. */
    private static final String NOT_FETCHED = "Failed to query available provider packages";

    private static final Pattern REMOTE = Pattern.compile("remoteRef: \\{key: ([^}]+)}");
    private static final Pattern VARIABLE =
            Pattern.compile("(?s)variable \"kafka_rights_written\" \\{[^}]*default\\s+= true\n}");
    private final Sources sources = Sources.here();

    @Test
    void the_files_are_formatted_and_can_be_parsed() throws IOException, InterruptedException {
        assumeTrue(TERRAFORM.isInstalled("version"), "terraform is not installed");

        var answer = TERRAFORM.run(sources.path("deploy/terraform"), "fmt", "-check", "-recursive");
        assertEquals(0, answer.code(), answer.text());
    }

    /** In a copy, as it writes what it fetches beside the files. */
    @ParameterizedTest
    @ValueSource(strings = {"ap-southeast", "us-west"})
    void every_region_is_valid_by_the_providers_schema(String region, @TempDir Path copy)
            throws IOException, InterruptedException {
        assumeTrue(TERRAFORM.isInstalled("version"), "terraform is not installed");
        var from = sources.path("deploy/terraform");
        try (var files = Files.walk(from)) {
            for (var file : files.filter(f -> f.toString().endsWith(".tf")).toList()) {
                var to = copy.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        var folder = copy.resolve("regions/" + region);

        var fetched = TERRAFORM.run(folder, "init", "-backend=false", "-input=false", "-no-color");
        assumeTrue(fetched.code() == 0 || !fetched.text().contains(NOT_FETCHED), fetched.text());
        assertEquals(0, fetched.code(), fetched.text());
        var validated = TERRAFORM.run(folder, "validate", "-no-color");
        assertEquals(0, validated.code(), validated.text());
    }

    @Test
    void keys_do_not_leave_the_region_and_are_rotated() {
        var keys = resources("aws_kms_key");

        assertEquals(Set.of("region", "index"), keys.keySet());
        keys.values().forEach(key -> assertTrue(says(key, "multi_region = false"), key));
        assertTrue(says(keys.get("region"), "enable_key_rotation = true"));
        // AWS rotates no keys of HMAC by itself: a new one is added, docs/keys.md
        assertTrue(says(keys.get("index"), "key_usage = \"GENERATE_VERIFY_MAC\""));
    }

    @Test
    void the_edge_takes_tls_13_and_passes_nothing_of_who_asks() {
        var edge = resources("aws_cloudfront_distribution").get("static");
        var policy = resources("aws_cloudfront_cache_policy").get("public");

        assertTrue(says(edge, "minimum_protocol_version = \"TLSv1.3_2025\""));
        assertTrue(says(edge, "viewer_protocol_policy = \"https-only\""));
        assertTrue(says(edge, "origin_protocol_policy = \"https-only\""));
        assertTrue(says(edge, "allowed_methods = [\"GET\", \"HEAD\"]"));
        for (var part : List.of("cookie", "header", "query_string")) {
            assertTrue(says(policy, part + "_behavior = \"none\""), part);
        }
    }

    @Test
    void databases_take_tls_13_alone() {
        var parameters = resources("aws_db_parameter_group").get("postgres");

        assertTrue(says(parameters, "name = \"rds.force_ssl\" value = \"1\""));
        assertTrue(says(parameters, "name = \"ssl_min_protocol_version\" value = \"TLSv1.3\""));
    }

    @Test
    void who_is_installed_beside_has_its_rights_and_a_load_balancer_its_subnets() {
        var module = module();
        for (var account : List.of("ebs-csi-controller-sa", "aws-load-balancer-controller", "external-secrets")) {
            assertTrue(says(module, account + " = \""), account);
        }
        assertTrue(module.contains("secret:domicile/*"));
        var named = sources.read("deploy/kubernetes/base/secrets.yaml")
                + sources.read("deploy/kubernetes/components/aws/secrets.yaml");
        var keys = REMOTE.matcher(named).results().map(m -> m.group(1)).toList();
        assertTrue(keys.size() > 10, "the secrets were found");
        assertEquals(
                List.of(),
                keys.stream().filter(key -> !key.startsWith("domicile/")).toList());
        assertTrue(says(module, "public = { \"kubernetes.io/role/elb\" = \"1\" }"));
        assertTrue(says(module, "nodes = { \"kubernetes.io/role/internal-elb\" = \"1\" }"));
    }

    @Test
    void two_zones_are_enough_and_brokers_are_as_many_in_each() {
        assertTrue(module().contains("contains([2, 3], length(var.zones))"));
        assertTrue(
                says(resources("aws_msk_cluster").get("kafka"), "number_of_broker_nodes = local.zones == 3 ? 3 : 4"));
        assertTrue(!module().contains("range(3)"), "what is made for three zones only");
    }

    @Test
    void rights_of_kafka_are_closed_unless_the_first_are_being_written() {
        assertTrue(says(
                resources("aws_msk_configuration").get("kafka"),
                "allow.everyone.if.no.acl.found=${!var.kafka_rights_written}"));
        assertTrue(VARIABLE.matcher(module()).find());
    }

    @Test
    void subnets_are_the_ones_that_the_network_policies_allow() {
        for (var region : List.of("ap-southeast", "us-west")) {
            var main = sources.read("deploy/terraform/regions/" + region + "/main.tf");
            var network = main.replaceAll("(?s).*network\\s+= \"([\\d.]+)\".*", "$1");
            var allowed = sources.read("deploy/kubernetes/overlays/" + region + "/addresses.yaml");
            for (var third : List.of("64", "80", "96")) {
                assertTrue(allowed.contains("cidr: " + network + "." + third + ".0/20"), region + " " + third);
            }
        }
    }

    @Test
    void a_managed_database_takes_as_many_connections_as_pools_are_made_for() {
        var own = sources.read("deploy/kubernetes/components/self-hosted/postgres.yaml");
        var managed = sources.read("deploy/terraform/modules/region/databases.tf");

        assertTrue(own.contains("max_connections: \"400\""));
        assertTrue(managed.replaceAll("\\s+", " ").contains("name = \"max_connections\" value = \"400\""));
    }

    @Test
    void the_bucket_is_closed_encrypted_and_forgets_aborted_uploads() {
        var module = module();
        for (var needed : List.of(
                "block_public_acls       = true",
                "block_public_policy     = true",
                "restrict_public_buckets = true",
                "sse_algorithm     = \"aws:kms\"",
                "abort_incomplete_multipart_upload",
                "publicly_accessible         = false",
                "unauthenticated = false")) {
            assertTrue(module.contains(needed), needed);
        }
        assertTrue(!module.contains("aws_s3_bucket_versioning"), "a version that is kept is not deleted");
    }

    private String module() {
        return sources.files("deploy/terraform/modules/region", ".tf").stream()
                .map(f -> sources.read(sources.relative(f)))
                .collect(Collectors.joining());
    }

    /** By name, all of one type. */
    private Map<String, String> resources(String type) {
        return Pattern.compile("(?ms)^resource \"" + type + "\" \"(\\w+)\" \\{(.*?)^}")
                .matcher(module())
                .results()
                .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
    }

    private static boolean says(String block, String words) {
        return block.replaceAll("\\s+", " ").contains(words);
    }
}
