package org.domicile.migration.testing;

import java.security.PrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.domicile.migration.testing.PeerRegion.Answer;
import org.domicile.platform.region.Regions;
import org.domicile.tlog.Checkpoint;
import org.domicile.tlog.Merkle;
import org.domicile.tlog.NoteKey;
import org.domicile.tlog.RegionLog;
import org.domicile.tlog.SignedNote;
import org.domicile.tlog.SignedNote.Signer;
import org.domicile.tlog.TreeHash;

/** ap-southeast as the witness of cn-north's log; it forgets everything when the test ends. */
final class TestWitness {
    private final PrivateKey key;
    private final Map<String, Checkpoint> lasts = new HashMap<>();

    TestWitness(PrivateKey key) {
        this.key = key;
    }

    /** It has seen this head of a log, as it says. */
    synchronized void saw(Checkpoint head) {
        lasts.put(head.origin(), head);
    }

    synchronized Answer add(String body) {
        var split = body.indexOf("\n\n");
        var lines = body.substring(0, split).split("\n");
        var note = SignedNote.parse(body.substring(split + 2));
        var head = Checkpoint.parse(note.text());
        var last = lasts.getOrDefault(head.origin(), new Checkpoint(head.origin(), 0, TreeHash.empty()));
        if (!lines[0].equals("old " + last.size())) {
            return new Answer(409, last.size() + "\n");
        }
        var proof = Arrays.stream(lines).skip(1).map(TreeHash::parse).toList();
        if (!note.isSignedBy(author(head.origin()))
                || !Merkle.isConsistent(last.size(), last.root(), head.size(), head.root(), proof)) {
            return new Answer(422, "");
        }
        saw(head);
        var cosigner = logOf(PeerRegion.ID).witness();
        return new Answer(
                200,
                SignedNote.cosign(note.text(), cosigner, Signer.of(key), Instant.now())
                        .toString());
    }

    private static NoteKey author(String origin) {
        var log = logOf(Scene.HERE);
        return log.author(log.generation(origin).orElseThrow());
    }

    private static RegionLog logOf(String region) {
        return new RegionLog(
                region,
                io.quarkus.arc.Arc.container().instance(Regions.class).get().signingKey(region));
    }
}
