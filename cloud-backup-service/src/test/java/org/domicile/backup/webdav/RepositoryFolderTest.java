package org.domicile.backup.webdav;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryFolderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".SeedVaultAndroidBackup",
                "0123456789abcdef.sv",
                "1700000000000",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    void seedvaults_folders_are_known_by_name(String name) {
        assertTrue(RepositoryFolder.isIn(List.of(folder(1, 0, "around"), folder(2, 1, name))));
    }

    @Test
    void restics_are_known_by_what_is_in_them() {
        var around = folder(1, 0, "around");
        var keys = folder(2, 1, "keys");
        var config = file(3, 1, "config");

        assertTrue(RepositoryFolder.isIn(List.of(around, keys, config)));
        assertFalse(RepositoryFolder.isIn(List.of(around, keys)));
        assertFalse(RepositoryFolder.isIn(List.of(around, config)));
        assertFalse(RepositoryFolder.isIn(List.of(around, keys, file(3, 2, "config"))));
    }

    private static Resource folder(int id, int parent, String name) {
        return new Resource(new UUID(0, id), new UUID(0, parent), Details.of(name), null, Instant.EPOCH, Instant.EPOCH);
    }

    private static Resource file(int id, int parent, String name) {
        var content = new Content(new UUID(1, id), 1, new UUID(2, id));
        return new Resource(
                new UUID(0, id), new UUID(0, parent), Details.of(name), content, Instant.EPOCH, Instant.EPOCH);
    }
}
