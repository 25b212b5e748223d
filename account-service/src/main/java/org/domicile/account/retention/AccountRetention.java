package org.domicile.account.retention;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.domicile.account.activity.ActivityStore;
import org.domicile.account.activity.InactivityWatch;
import org.domicile.account.code.CodesConfig;
import org.domicile.account.export.ExportConfig;
import org.domicile.account.law.MarketLaws;
import org.domicile.account.limit.SharedBudgets;
import org.domicile.account.notice.Notices;
import org.domicile.account.registration.RegistrationPurge;
import org.domicile.account.security.SecurityEvents;
import org.domicile.platform.erasure.ErasureConfig;
import org.domicile.platform.retention.ParticipantClasses;
import org.domicile.platform.retention.RetentionClass;
import org.domicile.platform.retention.RetentionClass.Term;
import org.domicile.platform.retention.RetentionStore;
import org.domicile.platform.retention.RetentionTable;

/** All that account-service stores, and until when. */
@ApplicationScoped
public class AccountRetention implements RetentionTable {
    private static final String DELETE = "RetentionJob";

    private final List<RetentionClass> classes;

    @Inject
    public AccountRetention(
            RetentionStore store,
            RegistrationPurge registrations,
            FencedPurge purge,
            InactivityWatch inactivity,
            ActivityStore activity,
            CodesConfig codes,
            ExportConfig exports,
            ErasureConfig erasures,
            MarketLaws laws) {
        var keptCodes = codes.guardianValidity().plus(codes.retention());
        var keptBudgets = "since + interval '" + SharedBudgets.PERIOD.toSeconds() + " seconds'";
        var afterExpiry = "expires_at + interval '" + codes.retention().toSeconds() + " seconds'";
        var keptEvents = "at + interval '" + SecurityEvents.KEPT.toSeconds() + " seconds'";
        var keptNotices = "case when sent_at is not null or kind <> 'INACTIVITY' then due_at + interval '"
                + Notices.KEPT.toSeconds() + " seconds' end";
        this.classes = List.of(
                RetentionClass.ofTheAccount("profile", "Market, e-mail, phone, name, locale; encrypted", "account"),
                RetentionClass.ofTheAccount("identifiers", "The blind index of e-mail and phone", "identifier"),
                RetentionClass.ofTheAccount("devices", "Names (encrypted) and hashes of secrets", "device"),
                RetentionClass.ofTheAccount("consents", "The ledger of decisions", "consent"),
                RetentionClass.ofTheAccount("erasures", "The owner's wish to be erased", "erasure"),
                RetentionClass.ending(
                        "inactive-accounts",
                        "Accounts that nobody uses, with all they have",
                        "activity t join account a using (account_id) join fence f using (account_id)"
                                + " where f.mode = 'OWN' and t.erasure_id is null",
                        new Term(
                                laws.longestInactivity(),
                                "t.at",
                                activity.due("t", "a.market"),
                                "InactivityWatch",
                                inactivity::look)),
                RetentionClass.ending(
                        "registrations",
                        "Sign-ups that wait for their code, a minor's for the guardian's too, sealed",
                        "registration",
                        new Term(keptCodes, "created_at", afterExpiry, "RegistrationPurge", registrations::purge)),
                RetentionClass.ending(
                        "confirmations",
                        "Changes that wait for a code: a new e-mail or phone (encrypted), what a guardian is asked",
                        "confirmation",
                        new Term(
                                keptCodes,
                                "created_at",
                                afterExpiry,
                                DELETE,
                                now -> store.delete("confirmation", afterExpiry, now))),
                RetentionClass.ending(
                                "password-resets",
                                "New passwords that wait for a code: the keyed hash of an identifier",
                                "password_reset",
                                new Term(
                                        codes.validity().plus(codes.retention()),
                                        "created_at",
                                        afterExpiry,
                                        DELETE,
                                        now -> store.delete("password_reset", afterExpiry, now)))
                        .withItem("id::text"),
                RetentionClass.ending(
                                "code-budgets",
                                "How many codes an identifier was sent, and an address has signed up, by a keyed hash of it",
                                "code_budget",
                                new Term(
                                        SharedBudgets.PERIOD,
                                        "since",
                                        keptBudgets,
                                        DELETE,
                                        now -> store.delete("code_budget", keptBudgets, now)))
                        .withItem("since::text"),
                RetentionClass.ending(
                        "guardians",
                        "Who confirms for a minor; encrypted",
                        "guardian",
                        new Term(
                                Duration.ofDays(laws.longestConsentAge() * 366L),
                                "since",
                                "ends_at",
                                "FencedPurge",
                                now -> purge.delete("guardian", "ends_at", now))),
                RetentionClass.ending(
                        "exports",
                        "Owners' archives, sealed",
                        "export where state = 'READY'",
                        new Term(
                                exports.validity(),
                                "expires_at - interval '" + exports.validity().toSeconds() + " seconds'",
                                "expires_at",
                                DELETE,
                                now -> store.delete("export", "case state when 'READY' then expires_at end", now))),
                RetentionClass.ending(
                        "notices",
                        "What owners were told of deletions to come, from its day on",
                        "notice",
                        new Term(
                                Notices.KEPT,
                                "due_at",
                                keptNotices,
                                "FencedPurge",
                                now -> purge.delete("notice", keptNotices, now))),
                RetentionClass.ending(
                        "security-events",
                        "Kinds and times of sign-ins and changes of rights",
                        "security_event",
                        new Term(
                                SecurityEvents.KEPT,
                                "at",
                                keptEvents,
                                "FencedPurge",
                                now -> purge.delete("security_event", keptEvents, now))),
                RetentionClass.ending(
                        "legal-logs",
                        "Ids, kinds and times of events, where a market's law wants them",
                        "legal_log",
                        new Term(
                                laws.longestLogRetention(),
                                "at",
                                "expires_at",
                                DELETE,
                                now -> store.delete("legal_log", "expires_at", now))),
                ParticipantClasses.erasureList(erasures));
    }

    @Override
    public List<RetentionClass> classes() {
        return classes;
    }
}
