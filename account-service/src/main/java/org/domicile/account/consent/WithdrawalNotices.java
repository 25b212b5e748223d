package org.domicile.account.consent;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.domicile.account.law.AccountLaws;
import org.domicile.account.notice.Notice;
import org.domicile.account.notice.NoticeStore;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;

/**
 * Tells an owner who switched a feature off when what it stored is deleted: at once, and again a week and a day before. Switched on
 * again, what was not told yet is not told any more. Where the market gives no grace there is nothing to tell.
 */
@ApplicationScoped
public class WithdrawalNotices {
    private static final List<Duration> REMINDERS = List.of(Duration.ofDays(7), Duration.ofDays(1));

    private final NoticeStore notices;
    private final ProfileStore profiles;
    private final AccountLaws laws;

    @Inject
    public WithdrawalNotices(NoticeStore notices, ProfileStore profiles, AccountLaws laws) {
        this.notices = notices;
        this.profiles = profiles;
        this.laws = laws;
    }

    /** In the transaction of the decision. */
    Uni<Void> decided(FencedWrite write, LedgerEntry entry) {
        return notices.withdraw(write, entry.feature(), entry.at())
                .flatMap(v -> entry.granted() ? Uni.createFrom().voidItem() : withdrawn(write, entry));
    }

    Uni<List<Notice>> all(SqlClient client, AccountId account) {
        return notices.withdrawals(client, account);
    }

    private Uni<Void> withdrawn(FencedWrite write, LedgerEntry entry) {
        return profiles.market(write.connection(), write.account())
                .flatMap(market -> laws.of(write.connection(), write.account(), market))
                .map(law -> law.graceAfterWithdrawal(entry.feature()))
                .flatMap(grace -> Multi.createFrom()
                        .items(times(entry.at(), grace))
                        .onItem()
                        .transformToUniAndConcatenate(at -> notices.add(
                                write,
                                Notice.withdrawal(
                                        entry.feature(), at, entry.at().plus(grace))))
                        .collect()
                        .last()
                        .replaceWithVoid());
    }

    /** The day that the owner was told, of a withdrawal; it holds whatever law comes later. Empty where there was nothing to tell. */
    static Optional<Instant> purgeAt(LedgerEntry withdrawal, List<Notice> told) {
        return told.stream()
                .filter(notice -> notice.feature() == withdrawal.feature())
                .filter(notice -> !withdrawal.granted() && !notice.at().isBefore(withdrawal.at()))
                .map(Notice::dueAt)
                .findFirst();
    }

    static Stream<Instant> times(Instant at, Duration grace) {
        return grace.isZero()
                ? Stream.empty()
                : Stream.concat(
                        Stream.of(at),
                        REMINDERS.stream().filter(r -> r.compareTo(grace) < 0).map(r -> at.plus(grace)
                                .minus(r)));
    }
}
