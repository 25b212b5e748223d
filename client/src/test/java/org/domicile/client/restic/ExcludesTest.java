package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExcludesTest {
    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({
        "*.tmp, /data/a/x.tmp, true",
        "*.tmp, /data/a/x.tmp/below, true",
        "*.tmp, /data/a/x.tmpl, false",
        "cache, /data/cache/x, true",
        "cache, /data/caches, false",
        "a/b, /x/a/b/c, true",
        "a/b, /x/a/c/b, false",
        "/data/a, /data/a/x, true",
        "/data/a, /x/data/a, false",
        "/data/*/x, /data/b/x, true",
        "/data/*/x, /data/b/c/x, false",
        "a/**/z, /a/b/c/z, true",
        "a/**/z, /a/z, true",
        "**/node_modules, /w/p/node_modules, true",
        "/w/**, /w/p, true",
        "photo?.[jp]*, /p/photo1.jpg, true",
        "photo?.[jp]*, /p/photo12.jpg, false",
        "[!a]x, /bx, false",
        "[^a]x, /bx, true",
        "a\\*b, /a*b, true",
        "a\\*b, /axb, false",
        "a.b, /axb, false",
        "trailing/, /x/trailing/y, true",
    })
    void patterns_match_as_those_of_restic_do(String pattern, String path, boolean excluded) {
        assertEquals(excluded, Excludes.of(List.of(pattern)).exclude(Path.of(path)));
    }

    @Test
    void a_later_pattern_takes_back_what_an_earlier_one_left_out() {
        Excludes excludes = Excludes.of(List.of("*.log", "!keep.log"));

        assertEquals(true, excludes.exclude(Path.of("/a/b.log")));
        assertEquals(false, excludes.exclude(Path.of("/a/keep.log")));
    }

    @Test
    void a_file_of_patterns_may_have_comments_and_empty_lines() throws IOException {
        Path file = temporary.resolve("patterns");
        Files.writeString(file, "# what is not worth it\n\n  *.tmp  \ncache\n");

        assertEquals(List.of("*.tmp", "cache"), Excludes.read(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "[a", "a\\"})
    void a_pattern_that_cannot_be_read_is_refused(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> Excludes.of(List.of(pattern)));
    }
}
