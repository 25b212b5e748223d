package org.domicile.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.domicile.tlog.SignedNote.Signer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private final KeyPair north = pair();
    private final KeyPair south = pair();
    private final RegionLog cn = new RegionLog("cn-north", north.getPublic());
    private final RegionLog sg = new RegionLog("ap-southeast", south.getPublic());
    private final LoggedReceipt receipt = new LoggedReceipt(new byte[32], "a.b.c");
    private final TreeHash leaf = TreeHash.leaf(receipt.entry());
    private final Checkpoint head = new Checkpoint(RegionLog.origin("cn-north"), 1, leaf);

    @Test
    void a_log_that_follows_another_has_a_name_and_signatures_of_its_own() {
        assertEquals("domicile/cn-north/log", RegionLog.origin("cn-north", 1));
        assertEquals("domicile/cn-north/log/2", RegionLog.origin("cn-north", 2));
        for (var generation : new int[] {1, 2, 10, 99_999}) {
            assertEquals(OptionalInt.of(generation), cn.generation(RegionLog.origin("cn-north", generation)));
        }
        for (var other : List.of("/log/1", "/log/02", "/log/2/3", "/log/", "/logs", "/log/100000")) {
            assertEquals(OptionalInt.empty(), cn.generation("domicile/cn-north" + other), other);
        }
        assertEquals(OptionalInt.empty(), cn.generation(RegionLog.origin("ap-southeast")));
        assertNotEquals(cn.author(), cn.author(2));
    }

    @Test
    void a_note_is_read_as_it_was_written() {
        var note = signed().with(cosigned());

        var read = SignedNote.parse(note.toString());

        assertEquals(note.toString(), read.toString());
        assertTrue(read.isSignedBy(cn.author()));
        assertTrue(read.isSignedBy(sg.witness()));
        assertEquals(Optional.of(AT), read.cosignedAt(sg.witness()));
        assertEquals(head, Checkpoint.parse(read.text()));
    }

    @Test
    void a_signature_counts_for_its_key_its_name_and_its_purpose() {
        var note = signed().with(cosigned());

        assertFalse(note.isSignedBy(sg.author()));
        assertFalse(note.isSignedBy(cn.witness()));
        assertFalse(note.isSignedBy(new RegionLog("cn-north", south.getPublic()).author()));
        assertFalse(note.isSignedBy(new RegionLog("us-west", south.getPublic()).witness()));
        assertEquals(Optional.empty(), signed().cosignedAt(sg.witness()));
    }

    @Test
    void a_changed_text_has_no_good_signature() {
        var note = signed().with(cosigned());
        var forged = new SignedNote(new Checkpoint(head.origin(), 2, head.root()).text(), note.signatures());

        assertFalse(forged.isSignedBy(cn.author()));
        assertFalse(forged.isSignedBy(sg.witness()));
    }

    @Test
    void a_cosignature_of_another_second_is_none() {
        var good = cosigned();
        var bytes = good.signature();
        bytes[7] ^= 1;

        assertFalse(signed().with(new SignedNote.NoteSignature(good.name(), good.keyId(), bytes))
                .isSignedBy(sg.witness()));
    }

    @Test
    void a_newer_cosignature_takes_the_place_of_the_older() {
        var later = SignedNote.cosign(head.text(), sg.witness(), Signer.of(south.getPrivate()), AT.plusSeconds(9));

        var note = signed().with(cosigned()).with(later);

        assertEquals(2, note.signatures().size());
        assertEquals(Optional.of(AT.plusSeconds(9)), note.cosignedAt(sg.witness()));
    }

    @Test
    void a_proof_is_read_as_it_was_written() {
        var proof = new LogProof(Optional.of(receipt.extra()), 0, List.of(), signed());

        var read = LogProof.parse(proof.toString());

        assertEquals(proof.toString(), read.toString());
        var carried = LoggedReceipt.parse(read.extra().orElseThrow());
        assertEquals("a.b.c", carried.jws());
        assertArrayEquals(receipt.entry(), carried.entry());
        assertTrue(read.includes(carried.entry()));
        assertFalse(read.includes(new LoggedReceipt(new byte[32], "a.b.d").entry()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c2sp.org/tlog-proof@v1\n",
                "c2sp.org/tlog-proof@v2\nindex 0\n\nx\n1\nx\n\n\u2014 x AAAAAAAA\n",
                "c2sp.org/tlog-proof@v1\nindex 01\n\nx\n1\nx\n\n\u2014 x AAAAAAAA\n",
                "c2sp.org/tlog-proof@v1\nindex 0\n!\n\nx\n1\nx\n\n\u2014 x AAAAAAAA\n",
                "c2sp.org/tlog-proof@v1\nindex 0\n\nx\n1\nx\n",
                "c2sp.org/tlog-proof@v1\nindex 0\n\nx\n1\nx\n\n\u2014 x\n",
                "c2sp.org/tlog-proof@v1\nindex 0\n\nx\n1\nx\n\n\u2014 x AAAA\n"
            })
    void what_is_no_proof_is_refused(String text) {
        assertThrows(IllegalArgumentException.class, () -> LogProof.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/000", "0/255.p/255", "1/x001/x234/067", "entries/001.p/1", "7/999"})
    void a_tiles_address_is_read_as_it_is_written(String path) {
        assertEquals(path, TilePath.parse(path).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0/0", "8/000", "0/000.p/0", "0/000.p/256", "0/x000/001", "0/000.p/01", "../000", "0/1234"})
    void what_is_no_tiles_address_is_refused(String path) {
        assertThrows(IllegalArgumentException.class, () -> TilePath.parse(path));
    }

    private SignedNote signed() {
        return new SignedNote(
                head.text(), List.of(SignedNote.sign(head.text(), cn.author(), Signer.of(north.getPrivate()))));
    }

    private SignedNote.NoteSignature cosigned() {
        return SignedNote.cosign(head.text(), sg.witness(), Signer.of(south.getPrivate()), AT);
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
