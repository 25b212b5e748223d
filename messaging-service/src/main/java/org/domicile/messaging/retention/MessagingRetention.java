package org.domicile.messaging.retention;

import static org.domicile.platform.retention.RetentionClass.ending;
import static org.domicile.platform.retention.RetentionClass.lasting;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.inbox.DiscoveryBudget;
import org.domicile.messaging.law.LongestWait;
import org.domicile.messaging.subscription.Revocation;
import org.domicile.messaging.subscription.Withdrawal;
import org.domicile.platform.erasure.ErasureConfig;
import org.domicile.platform.retention.ParticipantClasses;
import org.domicile.platform.retention.RetentionClass;
import org.domicile.platform.retention.RetentionClass.Term;
import org.domicile.platform.retention.RetentionTable;

/** All that messaging-service stores, and until when. What a device has taken is gone: {@code domicile_messaging_delivered_oldest_seconds}. */
@ApplicationScoped
public class MessagingRetention implements RetentionTable {
    private static final String AT_HOME = " join fence f using (account_id) where f.mode = 'OWN'";
    private static final String EXPIRY = "Expiry";

    private final List<RetentionClass> classes;

    @Inject
    public MessagingRetention(MessagingConfig config, LongestWait wait, Withdrawal withdrawal, ErasureConfig erasures) {
        var receipt = wait.get().plus(config.receiptGrace()).plus(config.receiptRetention());
        this.classes = List.of(
                ofTheDevice("user-agents", "The id by which a device knows its registrations", "user_agent"),
                ofTheDevice("subscriptions", "Hashes of push endpoints' capabilities", "subscription"),
                ofTheDevice("inbox", "The endpoint and public key for device-to-device messages", "inbox"),
                lasting(
                        "revoked-devices",
                        "Revoked devices, with all that is stored of them",
                        Revocation.STORED,
                        "at once",
                        "`Revocation`"),
                lasting(
                        "presence",
                        "Which instance holds a device's connection",
                        "presence",
                        "as long as the connection",
                        "`Presence`, `Instance`"),
                ParticipantClasses.deviceUses(),
                ending(
                        "messages",
                        "Encrypted messages that wait for their device",
                        "message" + AT_HOME,
                        Term.measured(wait.get(), "uuid_extract_timestamp(message_id)", "expires", EXPIRY)),
                ending(
                        "receipts",
                        "Delivery receipts that wait for their sender",
                        "receipt" + AT_HOME,
                        Term.measured(receipt, "uuid_extract_timestamp(message_id)", "expires", EXPIRY)),
                ending(
                        "discovery-budget",
                        "How many people an account has looked for",
                        "discovery_budget",
                        Term.measuredAfter("since", DiscoveryBudget.PERIOD, "DiscoveryBudget")),
                ending(
                        "withdrawn-messaging",
                        "Accounts that switched messaging off, with all that is stored",
                        Withdrawal.STORED,
                        Term.measuredAfter(Withdrawal.AT, withdrawal.grace(), "Withdrawal")),
                ParticipantClasses.erasureList(erasures));
    }

    private static RetentionClass ofTheDevice(String name, String what, String table) {
        return lasting(name, what, table, "as long as the device", "`Revocation`, erasure, or the end of a move");
    }

    @Override
    public List<RetentionClass> classes() {
        return classes;
    }
}
