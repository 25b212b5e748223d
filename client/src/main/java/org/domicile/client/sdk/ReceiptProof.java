package org.domicile.client.sdk;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.domicile.tlog.Checkpoint;
import org.domicile.tlog.LogProof;
import org.domicile.tlog.LoggedReceipt;
import org.domicile.tlog.RegionLog;

/**
 * A receipt, and that its region's public log has it (C2SP tlog-proof): checked without a network.
 *
 * @param receipt what the region signed
 * @param index of the receipt's commitment in the log
 * @param size of the log at the checkpoint that the proof is against
 * @param cosigned when other regions signed that checkpoint, by region
 */
public record ReceiptProof(SignedReceipt receipt, long index, long size, Map<String, Instant> cosigned) {

    public static boolean isProof(String text) {
        return text.startsWith(LogProof.HEADER + "\n");
    }

    /**
     * @param regions knows the regions' signing keys
     * @throws IOException when the receipt was not signed by the region that it names, or is not in that region's log
     */
    public static ReceiptProof verify(String text, RegionList regions) throws IOException {
        try {
            LogProof proof = LogProof.parse(text);
            LoggedReceipt logged = LoggedReceipt.parse(proof.extra()
                    .orElseThrow(() -> new IllegalArgumentException("the proof does not carry a receipt")));
            SignedReceipt receipt = SignedReceipt.verify(logged.jws(), regions);
            Checkpoint head = Checkpoint.parse(proof.checkpoint().text());
            RegionLog log = log(regions, receipt.keyId());
            OptionalInt generation = log.generation(head.origin());
            if (generation.isEmpty() || !proof.checkpoint().isSignedBy(log.author(generation.getAsInt()))) {
                throw new IOException("The log's checkpoint is not genuine: it is not signed by " + receipt.keyId());
            }
            if (!proof.includes(logged.entry())) {
                throw new IOException(
                        "The receipt is not in the log of " + receipt.keyId() + ": the proof does not fit");
            }
            return new ReceiptProof(receipt, proof.index(), head.size(), cosigned(proof, receipt.keyId(), regions));
        } catch (IllegalArgumentException e) {
            throw new IOException("The proof is damaged: " + e.getMessage(), e);
        }
    }

    private static Map<String, Instant> cosigned(LogProof proof, String author, RegionList regions) throws IOException {
        Map<String, Instant> cosigned = new TreeMap<>();
        for (String region : regions.regions().keySet()) {
            if (!region.equals(author)) {
                proof.checkpoint().cosignedAt(log(regions, region).witness()).ifPresent(at -> cosigned.put(region, at));
            }
        }
        return cosigned;
    }

    private static RegionLog log(RegionList regions, String region) throws IOException {
        PublicKey key = SignedReceipt.key(regions.get(region));
        return new RegionLog(region, key);
    }
}
