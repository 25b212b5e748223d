package org.domicile.client.sdk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.domicile.tlog.Checkpoint;
import org.domicile.tlog.LogProof;
import org.domicile.tlog.LoggedReceipt;
import org.domicile.tlog.RegionLog;
import org.domicile.tlog.SignedNote;
import org.domicile.tlog.SignedNote.Signer;
import org.domicile.tlog.TreeHash;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A log of two leaves in cn-north, cosigned by ap-southeast; then whatever a forger might do. */
class ReceiptProofTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final TreeHash NEIGHBOUR = TreeHash.leaf(new byte[] {7});

    private KeyPair north;
    private KeyPair south;
    private RegionList regions;
    private LoggedReceipt receipt;

    @BeforeEach
    void regions() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        north = generator.generateKeyPair();
        south = generator.generateKeyPair();
        regions = RegionList.parse(
                Json.parse(("{\"regions\":[" + region("cn-north", north) + "," + region("ap-southeast", south) + "]}")
                        .getBytes(StandardCharsets.UTF_8)));
        receipt = new LoggedReceipt(new byte[32], jws("cn-north", north, "consent"));
    }

    @Test
    void a_logged_and_cosigned_receipt_is_proved() throws Exception {
        ReceiptProof proof = ReceiptProof.verify(text(receipt, receipt, north, south, "cn-north"), regions);

        assertEquals("consent", proof.receipt().payload().path("kind").asText());
        assertEquals("cn-north", proof.receipt().keyId());
        assertEquals(1, proof.index());
        assertEquals(2, proof.size());
        assertEquals(Map.of("ap-southeast", AT), proof.cosigned());
    }

    @Test
    void a_witness_that_is_none_does_not_count() throws Exception {
        ReceiptProof proof = ReceiptProof.verify(text(receipt, receipt, north, north, "cn-north"), regions);

        assertEquals(Map.of(), proof.cosigned());
    }

    @Test
    void a_forged_proof_is_refused_with_what_is_wrong() throws Exception {
        LoggedReceipt other = new LoggedReceipt(new byte[32], jws("cn-north", north, "move"));
        refused("not in the log", text(other, receipt, north, south, "cn-north"));
        refused("not in the log", text(new LoggedReceipt(salt(), receipt.jws()), receipt, north, south, "cn-north"));
        refused("checkpoint is not genuine", text(receipt, receipt, south, south, "cn-north"));
        refused("checkpoint is not genuine", text(receipt, receipt, north, south, "ap-southeast"));
        LoggedReceipt forged = new LoggedReceipt(new byte[32], jws("cn-north", south, "consent"));
        refused("not genuine", text(forged, forged, north, south, "cn-north"));
        refused("damaged", text(receipt, receipt, north, south, "cn-north").replaceFirst("index 1", "index one"));
        refused(
                "does not carry a receipt",
                text(receipt, receipt, north, south, "cn-north").replaceFirst("extra .*\n", ""));
    }

    private void refused(String why, String text) {
        String message = assertThrows(IOException.class, () -> ReceiptProof.verify(text, regions))
                .getMessage();
        assertTrue(message.contains(why), message);
    }

    /** @param logged what the log has, which may be another than what the proof carries */
    private static String text(
            LoggedReceipt carried, LoggedReceipt logged, KeyPair author, KeyPair witness, String origin) {
        TreeHash root = TreeHash.node(NEIGHBOUR, TreeHash.leaf(logged.entry()));
        String head = new Checkpoint(RegionLog.origin(origin), 2, root).text();
        RegionLog log = new RegionLog(origin, author.getPublic());
        SignedNote note = new SignedNote(
                        head, List.of(SignedNote.sign(head, log.author(), Signer.of(author.getPrivate()))))
                .with(SignedNote.cosign(
                        head,
                        new RegionLog("ap-southeast", witness.getPublic()).witness(),
                        Signer.of(witness.getPrivate()),
                        AT));
        return new LogProof(Optional.of(carried.extra()), 1, List.of(NEIGHBOUR), note).toString();
    }

    private static byte[] salt() {
        byte[] salt = new byte[32];
        salt[0] = 1;
        return salt;
    }

    private static String jws(String region, KeyPair pair, String kind) throws GeneralSecurityException {
        String input =
                encode("{\"alg\":\"EdDSA\",\"kid\":\"" + region + "\"}") + "." + encode("{\"kind\":\"" + kind + "\"}");
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(input.getBytes(US_ASCII));
        return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign());
    }

    private static String region(String id, KeyPair pair) {
        return "{\"id\":\"" + id + "\",\"issuer\":\"https://localhost:9\",\"signingKey\":\""
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\",\"public\":{\"account\":\"https://localhost:1\"}}";
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
