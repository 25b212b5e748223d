package org.domicile.checks.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the restore page tells to do with {@code components/restore} makes a database from its backup, and keeps to the rules. */
class RestoreTest {
    private static final Overlay REGION = Overlay.ALL.getFirst();

    @TempDir
    Path copy;

    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "account-db",
                "account-keys-db",
                "backup-db",
                "backup-keys-db",
                "messaging-db",
                "migration-db",
                "keycloak-db"
            })
    void a_restored_database_reads_its_old_archive_and_writes_a_new_one(String database) throws IOException {
        var restored = restored(database, text -> text);

        var before = REGION.rendered().get("Cluster", database);
        var after = restored.get("Cluster", database);
        assertTrue(after.at("spec.bootstrap.initdb").isMissingNode());
        for (var kept : List.of("database", "owner", "secret")) {
            assertEquals(before.at("spec.bootstrap.initdb." + kept), after.at("spec.bootstrap.recovery." + kept));
        }
        assertEquals(
                database,
                after.at("spec.externalClusters")
                        .at("/0/plugin/parameters/serverName")
                        .asText());
        assertEquals(
                database + "-2",
                after.at("spec.plugins").at("/0/parameters/serverName").asText());
        assertEquals(
                List.of(),
                Rules.ALL.stream()
                        .flatMap(rule -> rule.violations(restored).stream())
                        .toList());
    }

    @Test
    void two_databases_can_be_restored_at_once() throws IOException {
        copyAll(copy);
        list("account-db", text -> text);
        list("account-keys-db", text -> text.replace("2026-01-31T12:00:00Z", "2026-01-31T12:05:00Z"));

        var restored = Manifests.parse(Overlay.render(overlay()));

        assertEquals("2026-01-31T12:00:00Z", time(restored, "account-db"));
        assertEquals("2026-01-31T12:05:00Z", time(restored, "account-keys-db"));
    }

    @Test
    void a_database_that_is_not_there_renders_nothing() throws IOException {
        copyAll(copy);
        list("acount-db", text -> text);

        assertThrows(IllegalStateException.class, () -> Overlay.render(overlay()));
    }

    @Test
    void the_same_archive_is_found_and_so_is_the_end_of_it() throws IOException {
        var restored = restored("account-db", text -> text.replace("account-db-2", "account-db")
                .replace("{targetTime: \"2026-01-31T12:00:00Z\"}", "{}"));

        assertEquals(
                List.of(
                        "Cluster/account-db: would write the archive that it is made from, which CloudNativePG refuses.",
                        "Cluster/account-db: does not say to which time it is restored."),
                new DatabasesAreRestored().violations(restored));
    }

    @Test
    void the_archive_of_another_store_is_found() throws IOException {
        var restored = restored(
                "account-keys-db",
                text -> text
                        + "      - {op: replace, path: /spec/externalClusters/0/plugin/parameters/barmanObjectName, value: database-backups}\n"
                        + "      - {op: add, path: /spec/bootstrap/initdb, value: {database: account}}\n");

        assertEquals(
                List.of(
                        "Cluster/account-keys-db: is made empty and from a backup.",
                        "Cluster/account-keys-db: is not made from a backup of its own store."),
                new DatabasesAreRestored().violations(restored));
    }

    private static String time(Manifests manifests, String database) {
        return manifests
                .get("Cluster", database)
                .at("spec.bootstrap.recovery.recoveryTarget.targetTime")
                .asText();
    }

    private Manifests restored(String database, UnaryOperator<String> change) throws IOException {
        copyAll(copy);
        list(database, change);
        return Manifests.parse(Overlay.render(overlay()));
    }

    private Path overlay() {
        return copy.resolve("kubernetes/overlays/" + REGION.region());
    }

    private void list(String database, UnaryOperator<String> change) throws IOException {
        var component = Files.readString(copy.resolve("kubernetes/components/restore/kustomization.yaml"));
        var folder = Files.createDirectory(overlay().resolve("restore-" + database));
        Files.writeString(
                folder.resolve("kustomization.yaml"), change.apply(component.replace("account-db", database)));
        var overlay = overlay().resolve("kustomization.yaml");
        Files.writeString(
                overlay,
                Files.readString(overlay)
                        .replace("\nconfigMapGenerator:", "\n  - restore-" + database + "\nconfigMapGenerator:"));
    }

    static void copyAll(Path copy) throws IOException {
        var from = Sources.here().path("deploy");
        for (var folder : List.of("kubernetes", "alerts", "dashboards")) {
            try (var files = Files.walk(from.resolve(folder))) {
                for (var file : files.toList()) {
                    Files.copy(file, copy.resolve(from.relativize(file).toString()));
                }
            }
        }
    }
}
