package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;

class TerraformTest {
    private final Sources sources = Sources.here();

    @Test
    void the_files_are_formatted_and_can_be_parsed() throws IOException, InterruptedException {
        assumeTrue(run("version") == 0, "terraform is not installed");

        assertEquals(
                0,
                run(
                        "fmt",
                        "-check",
                        "-recursive",
                        sources.path("deploy/terraform").toString()));
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
        var module = sources.files("deploy/terraform/modules/region", ".tf").stream()
                .map(f -> sources.read(sources.relative(f)))
                .collect(Collectors.joining());
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

    private static int run(String... arguments) throws InterruptedException {
        var command = new java.util.ArrayList<>(List.of("terraform"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
