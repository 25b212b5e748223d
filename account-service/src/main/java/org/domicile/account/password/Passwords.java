package org.domicile.account.password;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.domicile.account.identity.Identities;
import org.domicile.account.identity.IdentityUser;
import org.domicile.account.notice.Notice;
import org.domicile.account.notice.NoticeStore;
import org.domicile.account.profile.ProfileStore;
import org.domicile.account.registration.PasswordHash;
import org.domicile.account.registration.PasswordRules;
import org.domicile.account.security.SecurityEvent.Kind;
import org.domicile.account.security.SecurityEvents;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/**
 * Sets an account's password: behind the fence, so that no move takes the old one along, with the end of sessions, a security event and a
 * notice to every identifier.
 */
@ApplicationScoped
public class Passwords {
    private final ProfileStore profiles;
    private final PasswordHash hash;
    private final Identities identities;
    private final NoticeStore notices;
    private final SecurityEvents events;
    private final Fence fence;
    private final Clock clock;

    @Inject
    Passwords(
            ProfileStore profiles,
            PasswordHash hash,
            Identities identities,
            NoticeStore notices,
            SecurityEvents events,
            Fence fence,
            Clock clock) {
        this.profiles = profiles;
        this.hash = hash;
        this.identities = identities;
        this.notices = notices;
        this.events = events;
        this.fence = fence;
        this.clock = clock;
    }

    /** Something that is done in the same transaction, before; nothing is changed if it fails. */
    interface Before {
        Uni<Void> in(FencedWrite write);
    }

    /** By an owner who is signed in. @param session that goes on; all others end @return fails with WEAK_PASSWORD (400) */
    Uni<Void> change(AccountId account, String password, String session) {
        return set(account, password, session, Kind.CREDENTIAL_CHANGED, write -> Uni.createFrom()
                .voidItem());
    }

    /** By somebody who has proved to hold one of the account's identifiers; all sessions end. @return as {@link #change} */
    Uni<Void> reset(AccountId account, String password, Before before) {
        return set(account, password, null, Kind.PASSWORD_RESET, before);
    }

    private Uni<Void> set(AccountId account, String password, String session, Kind kind, Before before) {
        return profiles.read(account)
                .invoke(profile -> profile.identifiers()
                        .forEach(identifier -> refuse(PasswordRules.violation(password, identifier))))
                .flatMap(profile -> hash.hash(password))
                .flatMap(hashed -> fence.write(
                        account, write -> before.in(write).flatMap(v -> set(write, hashed, session, kind))));
    }

    private Uni<Void> set(FencedWrite write, IdentityUser.Credential hashed, String session, Kind kind) {
        return notices.add(write, Notice.passwordChanged(clock.instant().truncatedTo(ChronoUnit.MILLIS)))
                .flatMap(v -> events.add(write, kind))
                .flatMap(v -> identities.setPassword(write.account(), hashed, session, write.epoch()));
    }

    /** What no identifier needs to be known for. @throws ProblemException WEAK_PASSWORD (400) */
    static void requireStrong(String password) {
        refuse(PasswordRules.violation(password));
    }

    private static void refuse(Optional<String> violation) {
        violation.ifPresent(sentence -> {
            throw new ProblemException(ErrorCode.WEAK_PASSWORD, sentence);
        });
    }
}
