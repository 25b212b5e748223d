package org.domicile.migration.transparency;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.domicile.migration.command.SigningKey;
import org.domicile.platform.region.Region;
import org.domicile.platform.region.Regions;
import org.domicile.tlog.Checkpoint;
import org.domicile.tlog.RegionLog;
import org.domicile.tlog.SignedNote;
import org.domicile.tlog.SignedNote.NoteSignature;

/** Who writes and who witnesses which log: every region both, with the key of the signed region list. */
@ApplicationScoped
class LogKeys {
    private final Regions regions;
    private final SigningKey key;
    private final Clock clock;

    @Inject
    LogKeys(Regions regions, SigningKey key, Clock clock) {
        this.regions = regions;
        this.key = key;
        this.clock = clock;
    }

    String origin(int generation) {
        return RegionLog.origin(regions.self().id(), generation);
    }

    RegionLog of(String region) {
        return new RegionLog(region, regions.signingKey(region));
    }

    /** The other region whose log has this origin. */
    Optional<RegionLog> byOrigin(String origin) {
        return others().stream()
                .filter(log -> log.generation(origin).isPresent())
                .findFirst();
    }

    List<RegionLog> others() {
        return regions.all().stream()
                .map(Region::id)
                .filter(id -> !regions.isSelf(id))
                .map(this::of)
                .toList();
    }

    SignedNote sign(Checkpoint head) {
        var self = of(regions.self().id());
        var author = self.author(self.generation(head.origin()).orElseThrow());
        return new SignedNote(head.text(), List.of(SignedNote.sign(head.text(), author, key::sign)));
    }

    NoteSignature cosign(Checkpoint head) {
        return SignedNote.cosign(head.text(), of(regions.self().id()).witness(), key::sign, clock.instant());
    }
}
