package org.domicile.account.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.domicile.platform.consent.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsentTextsTest {
    private static final String OTHERS = "\"messaging\":\"m\",\"discoverability\":\"d\",\"diagnostics\":\"g\"";

    @TempDir
    Path folder;

    @Test
    void the_packaged_text_of_backup_says_what_makes_it_readable_by_its_owner_alone() {
        var texts = new ConsentTexts(Optional::empty, () -> List.of("2026-01")).current();

        assertEquals(Set.of(Feature.values()), texts.keySet());
        assertEquals("2026-01", texts.get(Feature.BACKUP).version());
        assertTrue(texts.get(Feature.BACKUP)
                .text()
                .contains("Only a client that encrypts by itself (Seedvault, restic, rclone crypt) makes it readable by"
                        + " you alone."));
    }

    @Test
    void the_text_is_that_of_the_policy_in_force() throws IOException {
        var file = file(
                "{\"2026-01\":{\"backup\":\"old\"," + OTHERS + "},\"2026-02\":{\"backup\":\"new\"," + OTHERS + "}}");

        assertEquals("new", backup(file, "2026-01", "2026-02"));
        assertEquals("old", backup(file, "2026-01"));
    }

    @Test
    void a_policy_in_force_without_a_text_does_not_start() throws IOException {
        var file = file("{\"2026-01\":{\"backup\":\"old\"," + OTHERS + "}}");

        var refusal = assertThrows(IllegalStateException.class, () -> backup(file, "2026-02"));

        assertTrue(refusal.getMessage().contains("domicile.consent-texts.file"), refusal.getMessage());
    }

    @Test
    void a_feature_without_a_text_does_not_start() throws IOException {
        var file = file("{\"2026-01\":{" + OTHERS + "}}");

        assertThrows(IllegalStateException.class, () -> backup(file, "2026-01"));
    }

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("texts.json"), json);
    }

    private static String backup(Path file, String... policyVersions) {
        return new ConsentTexts(() -> Optional.of(file), () -> List.of(policyVersions))
                .current()
                .get(Feature.BACKUP)
                .text();
    }
}
