package org.domicile.account.password;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.UUID;
import org.domicile.account.code.CodeBudget;
import org.domicile.account.code.CodeMessage;
import org.domicile.account.code.CodeMessage.Purpose;
import org.domicile.account.code.CodeSender;
import org.domicile.account.code.Codes;
import org.domicile.account.code.CodesConfig;
import org.domicile.account.password.PasswordResetStore.Tried;
import org.domicile.account.profile.Identifier;
import org.domicile.account.profile.IdentifierIndex;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FencedWrite;

/**
 * A code to an identifier, and with it a new password. Which account has the identifier is looked up only when the code has come back:
 * until then the work is the same for known and unknown ones, and nobody but their holders learns it.
 */
@ApplicationScoped
public class PasswordResets {
    private final PasswordResetStore store;
    private final Passwords passwords;
    private final IdentifierIndex index;
    private final CodeBudget budget;
    private final Codes codes;
    private final CodeSender sender;
    private final CodesConfig config;
    private final Clock clock;

    @Inject
    PasswordResets(
            PasswordResetStore store,
            Passwords passwords,
            IdentifierIndex index,
            CodeBudget budget,
            Codes codes,
            CodeSender sender,
            CodesConfig config,
            Clock clock) {
        this.store = store;
        this.passwords = passwords;
        this.index = index;
        this.budget = budget;
        this.codes = codes;
        this.sender = sender;
        this.config = config;
        this.clock = clock;
    }

    /** @return the reset's id; fails with TOO_MANY_REQUESTS (429) */
    Uni<UUID> begin(Identifier identifier) {
        var id = UUID.randomUUID();
        var now = clock.instant();
        return budget.spend(identifier)
                .flatMap(v -> index.macs(identifier))
                .flatMap(macs -> codes.issue(id).flatMap(issued -> store.add(
                                id, macs, issued.mac(), now, now.plus(config.validity()))
                        .flatMap(v -> sender.send(
                                identifier,
                                new CodeMessage(
                                        Purpose.PASSWORD_RESET, issued.code().digits(), id.toString())))))
                .replaceWith(id);
    }

    /**
     * Works once.
     *
     * @return the account; fails with WRONG_CODE (400), for an unknown reset too, TOO_MANY_REQUESTS (429), GONE (410), WEAK_PASSWORD (400),
     *     or, for who has proved to hold it, NOT_FOUND (404) where no account of this region has the identifier
     */
    Uni<AccountId> reset(UUID id, String code, String password) {
        return store.attempt(id)
                .flatMap(found -> {
                    var tried = found.orElseThrow(PasswordResets::wrong);
                    requireOpen(tried);
                    return codes.matches(id, code, tried.codeMac())
                            .flatMap(right -> right
                                    ? index.find(tried.identifierMacs())
                                    : Uni.createFrom().failure(wrong()))
                            .map(owner -> owner.orElseThrow(PasswordResets::nobody));
                })
                .call(account -> passwords.reset(account, password, write -> done(write, id)));
    }

    private Uni<Void> done(FencedWrite write, UUID id) {
        return store.done(write.connection(), id)
                .invoke(first -> {
                    if (!first) {
                        throw gone();
                    }
                })
                .replaceWithVoid();
    }

    private void requireOpen(Tried tried) {
        if (tried.attempts() > config.attempts()) {
            throw new ProblemException(ErrorCode.TOO_MANY_REQUESTS, "Too many codes were tried: ask for another.");
        }
        if (tried.done() || !clock.instant().isBefore(tried.expiresAt())) {
            throw gone();
        }
    }

    private static ProblemException gone() {
        return new ProblemException(ErrorCode.GONE, "The code was used or has expired: ask for another.");
    }

    private static ProblemException nobody() {
        return new ProblemException(
                ErrorCode.NOT_FOUND,
                "No account of this region has this e-mail address or phone number: POST /v1/discover says where it"
                        + " is asked for.");
    }

    private static ProblemException wrong() {
        return new ProblemException(ErrorCode.WRONG_CODE, "Send the code that was sent for this, or ask for another.");
    }
}
