package org.domicile.account.confirmation;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.domicile.account.code.CodeBudget;
import org.domicile.account.code.CodeMessage;
import org.domicile.account.code.CodeMessage.Purpose;
import org.domicile.account.code.CodeSender;
import org.domicile.account.code.Codes;
import org.domicile.account.code.CodesConfig;
import org.domicile.account.limit.SharedBudgets;
import org.domicile.account.notice.Notice;
import org.domicile.account.notice.NoticeSender;
import org.domicile.account.notice.NoticeStore;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** Asks for codes before an open account is changed. Whether a new identifier is known is not looked at: only its holder is told. */
@ApplicationScoped
public class Confirmations {
    private final Fence fence;
    private final ConfirmationStore store;
    private final CodeBudget budget;
    private final Codes codes;
    private final CodeSender sender;
    private final NoticeStore notices;
    private final NoticeSender noticeSender;
    private final CodesConfig config;
    private final Clock clock;

    @Inject
    Confirmations(
            Fence fence,
            ConfirmationStore store,
            CodeBudget budget,
            Codes codes,
            CodeSender sender,
            NoticeStore notices,
            NoticeSender noticeSender,
            CodesConfig config,
            Clock clock) {
        this.fence = fence;
        this.store = store;
        this.budget = budget;
        this.codes = codes;
        this.sender = sender;
        this.notices = notices;
        this.noticeSender = noticeSender;
        this.config = config;
        this.clock = clock;
    }

    /** The code goes to the new identifier, a notice to those that the account has. */
    public Uni<Waiting> identifier(AccountId account, Identifier wanted, List<Identifier> present) {
        var now = now();
        var confirmation = Confirmation.ofIdentifier(UUID.randomUUID(), wanted, now.plus(config.validity()));
        var notice = Notice.identifierChange(now, confirmation.expiresAt());
        return budget.spend(wanted).flatMap(v -> codes.issue(confirmation.id())).flatMap(issued -> fence.write(
                        account, write -> requireFewChanges(write, now)
                                .flatMap(v -> store.add(write, confirmation, issued.mac(), now))
                                .flatMap(v -> notices.add(write, notice)))
                .flatMap(v -> tell(present, notice))
                .flatMap(v -> send(account, confirmation, wanted, Purpose.NEW_IDENTIFIER, issued)));
    }

    /** Nothing is recorded until the guardian agrees. */
    public Uni<Waiting> consent(
            AccountId account, Identifier guardian, Feature feature, String policyVersion, String locale) {
        return guardians(
                account,
                guardian,
                Purpose.GUARDIAN_OF_CONSENT,
                Confirmation.ofConsent(UUID.randomUUID(), feature, policyVersion, locale, guardiansEnd()));
    }

    /** The code proves that it is the guardian who switches off. */
    public Uni<Waiting> withdrawal(AccountId account, Identifier guardian, Feature feature) {
        return guardians(
                account,
                guardian,
                Purpose.GUARDIAN_OF_WITHDRAWAL,
                Confirmation.ofWithdrawal(UUID.randomUUID(), feature, guardiansEnd()));
    }

    /** The guardian's last word. */
    public Uni<Waiting> comingOfAge(AccountId account, Identifier guardian) {
        return guardians(
                account,
                guardian,
                Purpose.GUARDIAN_OF_COMING_OF_AGE,
                Confirmation.ofAge(UUID.randomUUID(), guardiansEnd()));
    }

    /** What an asker is told where there is no guardian: the same, and nobody is sent anything. */
    public Waiting pretended(Feature feature) {
        return Waiting.of(Confirmation.ofWithdrawal(UUID.randomUUID(), feature, guardiansEnd()));
    }

    /**
     * The confirmation whose code this is. The attempt is counted before the code is looked at.
     *
     * @param guardian whether the guardian asks, who has nothing to do with others' codes
     * @return fails with WRONG_CODE (400), for an unknown confirmation too, TOO_MANY_REQUESTS (429) or GONE (410)
     */
    Uni<Confirmation> withCode(AccountId account, UUID id, String code, boolean guardian) {
        return fence.write(account, write -> store.attempt(write, id)).flatMap(found -> {
            var tried = found.filter(t -> !guardian || t.confirmation().kind().isGuardians())
                    .orElseThrow(Confirmations::wrong);
            requireOpen(tried);
            return codes.matches(id, code, tried.codeMac()).map(right -> {
                if (!right) {
                    throw wrong();
                }
                return tried.confirmation();
            });
        });
    }

    private Uni<Waiting> guardians(AccountId account, Identifier guardian, Purpose purpose, Confirmation confirmation) {
        return budget.spend(guardian)
                .flatMap(v -> codes.issue(confirmation.id()))
                .flatMap(issued -> fence.write(account, write -> store.add(write, confirmation, issued.mac(), now()))
                        .flatMap(v -> send(account, confirmation, guardian, purpose, issued)));
    }

    private Uni<Waiting> send(
            AccountId account, Confirmation confirmation, Identifier to, Purpose purpose, Codes.Issued issued) {
        var reference = account + "/" + confirmation.id();
        return sender.send(to, new CodeMessage(purpose, issued.code().digits(), reference))
                .replaceWith(Waiting.of(confirmation));
    }

    private Uni<Void> tell(List<Identifier> present, Notice notice) {
        return Multi.createFrom()
                .iterable(present)
                .onItem()
                .transformToUniAndConcatenate(
                        identifier -> noticeSender.send(identifier, notice).replaceWith(identifier))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> requireFewChanges(FencedWrite write, Instant now) {
        return store.identifiersSince(write, now.minus(SharedBudgets.PERIOD))
                .invoke(count -> {
                    if (count >= config.perHour()) {
                        throw new ProblemException(
                                ErrorCode.TOO_MANY_REQUESTS,
                                "Too many changes were asked for: try again in an hour.",
                                Map.of("retryAfter", SharedBudgets.PERIOD.toSeconds()));
                    }
                })
                .replaceWithVoid();
    }

    private void requireOpen(ConfirmationStore.Tried tried) {
        if (tried.attempts() > config.attempts()) {
            throw new ProblemException(ErrorCode.TOO_MANY_REQUESTS, "Too many codes were tried: ask for it again.");
        }
        var confirmation = tried.confirmation();
        if (!confirmation.done() && !clock.instant().isBefore(confirmation.expiresAt())) {
            throw new ProblemException(ErrorCode.GONE, "The code has expired: ask for it again.");
        }
    }

    private Instant guardiansEnd() {
        return now().plus(config.guardianValidity());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** What a guardian is told of an account that has none. */
    public static ProblemException wrong() {
        return new ProblemException(
                ErrorCode.WRONG_CODE, "Send the code that was sent last for this, or ask for it again.");
    }
}
