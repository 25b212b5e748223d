package org.domicile.local.home;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path sources;

    @Test
    void only_the_owner_may_enter_the_folder_and_read_the_secrets() throws IOException {
        var home = new Home(sources, sources.resolve(".domicile"));
        home.prepare();
        new Secrets(home.file("secrets.json"), new SecureRandom()).of("operator");

        assertEquals("rwx------", permissions(home.folder()));
        assertEquals("rw-------", permissions(home.file("secrets.json")));
    }

    @Test
    void a_secret_is_drawn_once() {
        var file = sources.resolve("secrets.json");

        var drawn = new Secrets(file, new SecureRandom()).of("operator");

        assertEquals(drawn, new Secrets(file, new SecureRandom()).of("operator"));
    }

    @Test
    void the_default_home_is_published_relative_to_the_repository() {
        assertEquals(".domicile/ca.pem", new Home(sources, sources.resolve(".domicile")).published("ca.pem"));
        assertEquals("/data/codes/", new Home(sources, Path.of("/data")).published("codes/"));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
