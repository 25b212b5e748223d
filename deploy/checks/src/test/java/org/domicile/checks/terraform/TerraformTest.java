package org.domicile.checks.terraform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.stream.Stream;
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
    private final Sources sources = Sources.here();
    private final List<Block> module = parse("deploy/terraform/modules/region");

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
        keys.values().forEach(key -> assertEquals("false", key.get("multi_region")));
        assertEquals("true", keys.get("region").get("enable_key_rotation"));
        // AWS rotates no keys of HMAC by itself: a new one is added, docs/keys.md
        assertEquals("GENERATE_VERIFY_MAC", keys.get("index").get("key_usage"));
    }

    @Test
    void the_edge_takes_tls_13_and_passes_nothing_of_who_asks() {
        var edge = resource("aws_cloudfront_distribution", "static");

        assertEquals("TLSv1.3_2025", edge.get("viewer_certificate.minimum_protocol_version"));
        assertEquals("https-only", edge.get("origin.custom_origin_config.origin_protocol_policy"));
        for (var behaviour : behaviours(edge)) {
            assertEquals("https-only", behaviour.get("viewer_protocol_policy"));
            assertEquals("[\"GET\", \"HEAD\"]", behaviour.get("allowed_methods"));
            assertEquals("", behaviour.get("origin_request_policy_id"));
        }
        var policy = resource("aws_cloudfront_cache_policy", "public");
        for (var part : Map.of(
                        "cookies_config", "cookie", "headers_config", "header", "query_strings_config", "query_string")
                .entrySet()) {
            assertEquals(
                    "none",
                    policy.get("parameters_in_cache_key_and_forwarded_to_origin." + part.getKey() + "."
                            + part.getValue() + "_behavior"));
        }
    }

    /** Without a rule for its path an answer, of an erasure say, is neither cached nor given. */
    @Test
    void the_edge_gives_the_region_list_and_nothing_else() {
        var edge = resource("aws_cloudfront_distribution", "static");
        var cached = behaviours(edge).stream()
                .filter(b -> !b.get("cache_policy_id").equals("data.aws_cloudfront_cache_policy.none.id"))
                .map(b -> b.get("path_pattern"))
                .toList();

        assertEquals(List.of("/v1/regions"), cached);
        assertTrue(sources.read("account-service/src/main/java/org/domicile/account/region/RegionsResource.java")
                .contains("@Path(\"/v1/regions\")"));
        assertEquals(
                "Managed-CachingDisabled",
                block("data", "aws_cloudfront_cache_policy", "none").get("name"));
        assertEquals("viewer-request", edge.get("default_cache_behavior.function_association.event_type"));
        assertEquals(
                "aws_cloudfront_function.nothing_else.arn",
                edge.get("default_cache_behavior.function_association.function_arn"));
        assertTrue(
                resource("aws_cloudfront_function", "nothing_else").get("code").contains("statusCode: 404"));
    }

    @Test
    void databases_take_tls_13_alone_and_as_many_connections_as_pools_are_made_for() {
        var parameters = resource("aws_db_parameter_group", "postgres").all("parameter").stream()
                .collect(Collectors.toMap(p -> p.get("name"), p -> p.get("value")));

        assertEquals(
                Map.of("rds.force_ssl", "1", "ssl_min_protocol_version", "TLSv1.3", "max_connections", "400"),
                parameters);
        assertTrue(sources.read("deploy/kubernetes/components/self-hosted/postgres.yaml")
                .contains("max_connections: \"400\""));
        var database = resource("aws_db_instance", "database");
        assertEquals("false", database.get("publicly_accessible"));
        assertEquals("true", database.get("storage_encrypted"));
        assertEquals("true", database.get("multi_az"));
    }

    @Test
    void who_is_installed_beside_has_its_rights_and_a_load_balancer_its_subnets() {
        var locals = module.stream().filter(b -> b.type().equals("locals")).toList();
        var operators = value(locals, "operators");
        for (var account : List.of("ebs-csi-controller-sa", "aws-load-balancer-controller", "external-secrets")) {
            assertTrue(operators.contains(account + " = \""), account);
        }
        var readable = block("data", "aws_iam_policy_document", "secrets").all("statement").stream()
                .filter(s -> s.get("actions").contains("secretsmanager:GetSecretValue"))
                .map(s -> s.get("resources"))
                .toList();
        assertEquals(1, readable.size());
        assertTrue(readable.getFirst().endsWith(":secret:domicile/*\"]"), readable.getFirst());
        var named = sources.read("deploy/kubernetes/base/secrets.yaml")
                + sources.read("deploy/kubernetes/components/aws/secrets.yaml");
        var keys = REMOTE.matcher(named).results().map(m -> m.group(1)).toList();
        assertTrue(keys.size() > 10, "the secrets were found");
        assertEquals(
                List.of(),
                keys.stream().filter(key -> !key.startsWith("domicile/")).toList());
        assertEquals(
                "{ public = { \"kubernetes.io/role/elb\" = \"1\" } nodes = { \"kubernetes.io/role/internal-elb\" = \"1\" } }",
                value(locals, "balancers"));
    }

    @Test
    void two_zones_are_enough_and_brokers_are_as_many_in_each() {
        assertEquals(
                "contains([2, 3], length(var.zones))",
                block("variable", "zones").get("validation.condition"));
        assertEquals(
                "local.zones == 3 ? 3 : 4", resource("aws_msk_cluster", "kafka").get("number_of_broker_nodes"));
        assertTrue(!module.toString().contains("range(3)"), "what is made for three zones only");
    }

    @Test
    void rights_of_kafka_are_closed_unless_the_first_are_being_written() {
        assertTrue(resource("aws_msk_configuration", "kafka")
                .get("server_properties")
                .contains("allow.everyone.if.no.acl.found=${!var.kafka_rights_written}"));
        assertEquals("true", block("variable", "kafka_rights_written").get("default"));
        var kafka = resource("aws_msk_cluster", "kafka");
        assertEquals("false", kafka.get("client_authentication.unauthenticated"));
        assertEquals("TLS", kafka.get("encryption_info.encryption_in_transit.client_broker"));
    }

    @Test
    void subnets_are_the_ones_that_the_network_policies_allow() {
        for (var region : List.of("ap-southeast", "us-west")) {
            var network = parse("deploy/terraform/regions/" + region).stream()
                    .filter(b -> b.type().equals("module"))
                    .map(b -> b.get("network"))
                    .toList();
            assertEquals(1, network.size(), region);
            var allowed = sources.read("deploy/kubernetes/overlays/" + region + "/addresses.yaml");
            for (var third : List.of("64", "80", "96")) {
                assertTrue(
                        allowed.contains("cidr: " + network.getFirst() + "." + third + ".0/20"), region + " " + third);
            }
        }
    }

    @Test
    void the_bucket_is_closed_encrypted_and_forgets_aborted_uploads() {
        var access = resource("aws_s3_bucket_public_access_block", "backup");
        for (var closed :
                List.of("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")) {
            assertEquals("true", access.get(closed), closed);
        }
        assertEquals(
                "aws:kms",
                resource("aws_s3_bucket_server_side_encryption_configuration", "backup")
                        .get("rule.apply_server_side_encryption_by_default.sse_algorithm"));
        assertEquals(
                "1",
                resource("aws_s3_bucket_lifecycle_configuration", "backup")
                        .get("rule.abort_incomplete_multipart_upload.days_after_initiation"));
        assertEquals(Map.of(), resources("aws_s3_bucket_versioning"), "a version that is kept is not deleted");
    }

    @Test
    void what_stands_in_a_comment_or_in_another_block_does_not_count() {
        var block = Block.parse(Stream.of("""
                resource "a" "b" {
                  # closed = true
                  inner {
                    closed = true
                  }
                  text = "x  y"
                }
                """)).getFirst();

        assertEquals("", block.get("closed"));
        assertEquals("true", block.get("inner.closed"));
        assertEquals(List.of("a", "b"), block.labels());
        assertThrows(IllegalArgumentException.class, () -> Block.parse(Stream.of("resource \"a\" {\n  x = = 1\n")));
    }

    private List<Block> parse(String folder) {
        return Block.parse(sources.files(folder, ".tf").stream().map(f -> sources.read(sources.relative(f))));
    }

    private static List<Block> behaviours(Block edge) {
        return edge.blocks().stream()
                .filter(b -> b.type().endsWith("_cache_behavior"))
                .toList();
    }

    private static String value(List<Block> blocks, String name) {
        return blocks.stream()
                .map(b -> b.get(name))
                .filter(v -> !v.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private Block resource(String type, String name) {
        return block("resource", type, name);
    }

    private Block block(String type, String... labels) {
        return module.stream()
                .filter(b -> b.type().equals(type) && b.labels().equals(List.of(labels)))
                .findFirst()
                .orElseThrow();
    }

    /** By name, all of one type. */
    private Map<String, Block> resources(String type) {
        return module.stream()
                .filter(b ->
                        b.type().equals("resource") && b.labels().getFirst().equals(type))
                .collect(Collectors.toMap(b -> b.labels().getLast(), b -> b));
    }
}
