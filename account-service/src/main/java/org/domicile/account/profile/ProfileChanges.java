package org.domicile.account.profile;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.domicile.account.confirmation.Confirmations;
import org.domicile.account.confirmation.Waiting;
import org.domicile.account.guardian.AgeBand;
import org.domicile.account.guardian.GuardianStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;

/** Changes a profile: a name and a language at once, an e-mail address, a phone number and an age when somebody has proved them. */
@ApplicationScoped
public class ProfileChanges {
    private final Fence fence;
    private final ProfileStore store;
    private final Confirmations confirmations;
    private final GuardianStore guardians;

    @Inject
    public ProfileChanges(Fence fence, ProfileStore store, Confirmations confirmations, GuardianStore guardians) {
        this.fence = fence;
        this.store = store;
        this.confirmations = confirmations;
        this.guardians = guardians;
    }

    /** @param waiting what was asked for and is not so yet */
    record Outcome(Profile profile, List<Waiting> waiting) {}

    /** @return fails with INVALID_IDENTIFIER, INVALID_REQUEST or TOO_MANY_REQUESTS; what is malformed changes nothing */
    Uni<Outcome> apply(AccountId account, ProfileChange change) {
        return store.read(account).flatMap(before -> {
            var wanted = wanted(change, before);
            return askGuardian(account, change)
                    .flatMap(guardian -> ask(account, wanted, before).map(asked -> {
                        var waiting = new ArrayList<>(asked);
                        guardian.ifPresent(waiting::add);
                        return waiting;
                    }))
                    .flatMap(waiting -> fence.write(account, write -> store.change(write, change))
                            .map(profile -> new Outcome(profile, waiting)));
        });
    }

    /** Those of the change that the account has not. */
    private static List<Identifier> wanted(ProfileChange change, Profile before) {
        var wanted = new ArrayList<Identifier>();
        if (change.email() != null) {
            wanted.add(GivenIdentifier.of(change.email(), null, before.market()));
        }
        if (change.phone() != null) {
            wanted.add(GivenIdentifier.of(null, change.phone(), before.market()));
        }
        wanted.removeAll(before.identifiers());
        return wanted;
    }

    private Uni<List<Waiting>> ask(AccountId account, List<Identifier> wanted, Profile before) {
        return Multi.createFrom()
                .iterable(wanted)
                .onItem()
                .transformToUniAndConcatenate(
                        identifier -> confirmations.identifier(account, identifier, before.identifiers()))
                .collect()
                .asList();
    }

    private Uni<Optional<Waiting>> askGuardian(AccountId account, ProfileChange change) {
        if (change.ageBand() == null) {
            return Uni.createFrom().item(Optional.empty());
        }
        return guardians.find(account).flatMap(guardian -> {
            var isMinor = guardian.isPresent();
            if (!isMinor && AgeBand.parse(change.ageBand()) == AgeBand.MINOR) {
                throw new ProblemException(
                        ErrorCode.INVALID_REQUEST, "Leave \"ageBand\" out: an account that has no guardian gets none.");
            }
            return isMinor && AgeBand.parse(change.ageBand()) == AgeBand.ADULT
                    ? confirmations
                            .comingOfAge(account, guardian.get().identifier())
                            .map(Optional::of)
                    : Uni.createFrom().item(Optional.empty());
        });
    }
}
