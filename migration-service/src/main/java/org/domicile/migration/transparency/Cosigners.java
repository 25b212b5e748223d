package org.domicile.migration.transparency;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.domicile.migration.transparency.LogStore.Head;
import org.domicile.platform.http.Answer;
import org.domicile.platform.peer.PeerClient;
import org.domicile.tlog.Merkle;
import org.domicile.tlog.RegionLog;
import org.domicile.tlog.SignedNote;
import org.jboss.logging.Logger;

/** Asks the other regions for their signatures of this region's newest checkpoint (C2SP tlog-witness, {@code add-checkpoint}). */
@ApplicationScoped
class Cosigners {
    private static final Logger LOG = Logger.getLogger(Cosigners.class);
    private static final long TIMEOUT_MILLIS = 10_000;

    private final PeerClient peers;
    private final LogStore log;
    private final LogWriter writer;
    private final LogKeys keys;
    /** What each region has seen of this log, in leaves, as it told last. */
    private final Map<String, Long> seen = new ConcurrentHashMap<>();

    @Inject
    Cosigners(PeerClient peers, LogStore log, LogWriter writer, LogKeys keys) {
        this.peers = peers;
        this.log = log;
        this.writer = writer;
        this.keys = keys;
    }

    /** Asks all whose signature the head lacks; one that cannot be reached is asked at the next tick. */
    Uni<Void> ask(Head head) {
        return Multi.createFrom()
                .iterable(keys.others())
                .filter(witness -> !head.note().isSignedBy(witness.witness()))
                .onItem()
                .transformToUniAndConcatenate(witness -> ask(head, witness)
                        .onFailure()
                        .invoke(f -> LOG.debugf("not cosigned yet region=%s reason=%s", witness.region(), f.toString()))
                        .onFailure()
                        .recoverWithNull())
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** How much of the log the other regions have seen, at most: all of them must answer. @return in leaves */
    Uni<Long> seen(Head head) {
        return Multi.createFrom()
                .iterable(keys.others())
                .onItem()
                .transformToUniAndConcatenate(witness ->
                        post(witness.region(), body(0, head, Map.of())).map(answer -> seen(head, witness, answer)))
                .collect()
                .with(Collectors.reducing(0L, Math::max));
    }

    private static long seen(Head head, RegionLog witness, Answer answer) {
        if (answer.status() == WitnessRoutes.OK) {
            return head.size();
        }
        var size = conflicting(answer);
        if (size.isEmpty()) {
            throw new IllegalStateException(witness.region() + " answered " + answer.status());
        }
        return size.getAsLong();
    }

    private static OptionalLong conflicting(Answer answer) {
        var text = answer.body().toString();
        return answer.status() == WitnessRoutes.CONFLICT && text.matches("[0-9]{1,18}\n")
                ? OptionalLong.of(Long.parseLong(text.strip()))
                : OptionalLong.empty();
    }

    private Uni<Void> ask(Head head, RegionLog witness) {
        var older = Math.min(seen.getOrDefault(witness.region(), 0L), head.size());
        return log.nodes(Merkle.ofConsistency(older, head.size()))
                .map(nodes -> body(older, head, nodes))
                .flatMap(body -> post(witness.region(), body))
                .flatMap(answer -> taken(head, witness, older, answer));
    }

    private static String body(
            long older, Head head, Map<org.domicile.tlog.TreeRange, org.domicile.tlog.TreeHash> nodes) {
        var proof = Merkle.consistency(older, head.size(), nodes).stream()
                .map(hash -> hash + "\n")
                .collect(Collectors.joining());
        return "old " + older + "\n" + proof + "\n" + head.note();
    }

    private Uni<Answer> post(String region, String body) {
        var request = peers.request(HttpMethod.POST, region, "migration", WitnessRoutes.PATH)
                .setTimeout(TIMEOUT_MILLIS);
        return peers.ask(request, Buffer.buffer(body));
    }

    private Uni<Void> taken(Head head, RegionLog witness, long older, Answer answer) {
        var conflicting = conflicting(answer);
        if (conflicting.isPresent()) {
            var size = conflicting.getAsLong();
            seen.put(witness.region(), size);
            return size == older || size > head.size() ? disagreement(witness, answer) : ask(head, witness);
        }
        if (answer.status() != WitnessRoutes.OK) {
            return disagreement(witness, answer);
        }
        seen.put(witness.region(), head.size());
        return Multi.createFrom()
                .iterable(SignedNote.signatures(answer.body().toString()))
                .filter(signature -> head.note().with(signature).isSignedBy(witness.witness()))
                .onItem()
                .transformToUniAndConcatenate(signature -> writer.cosigned(head, signature))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** The other region saw another log than this one: a database that was restored, or a key in wrong hands. */
    private static Uni<Void> disagreement(RegionLog witness, Answer answer) {
        LOG.errorf("checkpoint not cosigned region=%s status=%d", witness.region(), answer.status());
        return Uni.createFrom().voidItem();
    }
}
