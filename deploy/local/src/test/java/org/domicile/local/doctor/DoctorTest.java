package org.domicile.local.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.domicile.local.LocalFailure;
import org.domicile.local.doctor.Finding.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void the_last_file_wins_the_environment_wins_over_files_and_references_are_followed() throws IOException {
        var common = file("common", "a=1\nurl=https://${host}/${name:none}\nhost=h.${region}\nsecret=${SECRET}\n");
        var own = file("own", "a=2\nregion=cn-north\n");

        var region = new RegionFile(List.of(common, own), Map.of("SECRET", "s", "DOMICILE_KEY_ID", "k"));

        assertEquals(Optional.of("2"), region.text("a"));
        assertEquals(Optional.of("https://h.cn-north/none"), region.text("url"));
        assertEquals(Optional.of("s"), region.text("secret"));
        assertEquals(Optional.of("k"), region.text("domicile.key-id"));
        assertEquals(Optional.empty(), region.text("missing"));
    }

    @Test
    void a_file_that_is_not_there_and_a_value_that_refers_to_itself_are_named() throws IOException {
        var loop = new RegionFile(List.of(file("loop", "a=${b}\nb=${a}\n")), Map.of());

        assertThrows(LocalFailure.class, () -> loop.text("a"));
        assertThrows(LocalFailure.class, () -> new RegionFile(List.of(folder.resolve("none")), Map.of()));
    }

    @Test
    void old_versions_are_found() {
        assertEquals(Verdict.FAILED, DatabaseCheck.version(170_006).verdict());
        assertEquals(Verdict.OK, DatabaseCheck.version(180_001).verdict());
        assertEquals(Verdict.FAILED, BrokerCheck.version(0).verdict());
        assertEquals(Verdict.FAILED, BrokerCheck.version(25).verdict());
        assertEquals(Verdict.OK, BrokerCheck.version(26).verdict());
    }

    @Test
    void old_tls_is_found() {
        assertEquals(Verdict.FAILED, DatabaseCheck.tls("TLSv1.2").verdict());
        assertEquals(Verdict.OK, DatabaseCheck.tls("TLSv1.3").verdict());
        assertEquals(Verdict.FAILED, BrokerCheck.tls("SSL", Map.of()).verdict());
        assertEquals(
                Verdict.OK,
                BrokerCheck.tls("SSL", Map.of("ssl.keystore.location", "x")).verdict());
    }

    @Test
    void three_brokers_in_two_zones_are_too_few() {
        var nodes = List.of(new Node(0, "a", 1, "z1"), new Node(1, "b", 1, "z2"), new Node(2, "c", 1, "z2"));

        assertEquals(
                List.of(Verdict.OK, Verdict.FAILED),
                BrokerCheck.brokers(nodes).stream().map(Finding::verdict).toList());
    }

    @Test
    void a_clock_is_wrong_only_if_it_cannot_be_right() {
        assertEquals(Verdict.OK, skew(NOON.minusSeconds(1), NOON).verdict());
        assertEquals(
                Verdict.FAILED, skew(NOON.minusSeconds(5), NOON.minusSeconds(4)).verdict());
        assertEquals(
                Verdict.FAILED, skew(NOON.plusSeconds(14), NOON.plusSeconds(14)).verdict());
    }

    /** Our own clock read noon, and ten seconds later. */
    private static Finding skew(Instant earliest, Instant latest) {
        return Skew.of("x", NOON, earliest, latest, NOON.plusSeconds(10));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
