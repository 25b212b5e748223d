package org.domicile.client.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.domicile.client.sdk.DeviceMessage;
import org.domicile.client.sdk.Identifier;
import org.domicile.client.sdk.Messenger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "send",
        description = "Send a message to every device of someone who can be found by their number.",
        footer = "%nExample: ./domicile message send --to +6581234567 \"Home at eight\"")
final class MessageSendCommand extends ClientCommand {
    @Option(names = "--to", required = true, paramLabel = "WHO", description = "a phone number or an e-mail address")
    String recipient;

    @Option(
            names = "--ttl",
            paramLabel = "SECONDS",
            defaultValue = "604800",
            description = "how long it may wait; default: ${DEFAULT-VALUE}")
    long ttl;

    @Parameters(paramLabel = "TEXT", description = "what to say")
    String text;

    @Override
    int run() throws IOException {
        Workplace workplace = workplace();
        Identifier who = Identifier.of(recipient);
        Set<String> known = Set.copyOf(pinned(workplace.profile(), who));
        Messenger messenger = new Messenger(workplace.client().http(), workplace.session(), workplace.random());
        List<Messenger.Inbox> inboxes = messenger.find(who);
        if (inboxes.isEmpty()) {
            throw new CommandException(
                    recipient + " cannot be found: they have no account, or have not switched discoverability on");
        }
        String id = UUID.randomUUID().toString();
        Instant now = Instant.now();
        Messenger.Content content = inbox -> {
            Profile owner = workplace.profile();
            pin(owner, inbox);
            if (pinned(owner, who).add(inbox.deviceId()) && !known.isEmpty()) {
                warn("The device " + inbox.deviceId() + " of " + recipient
                        + " is new since the last message: ask them whether they added it");
            }
            return content(workplace, inbox, id, now);
        };
        List<Messenger.Inbox> sent = messenger.sendAll(inboxes, content, Duration.ofSeconds(ttl));
        workplace.save();
        if (json) {
            print(MAPPER.createObjectNode().put("id", id).put("devices", sent.size()));
        }
        say("Accepted for " + Text.count(sent.size(), "device") + ".");
        return OK;
    }

    private byte[] content(Workplace workplace, Messenger.Inbox inbox, String id, Instant now) throws IOException {
        return new DeviceMessage(
                        id, workplace.profile().identifier, workplace.device().id(), inbox.deviceId(), now, text)
                .sign(workplace.senderKeys(), workplace.random());
    }

    private void pin(Profile owner, Messenger.Inbox inbox) {
        String known = owner.pinnedInboxes.put(inbox.deviceId(), inbox.keys().p256dh());
        if (known != null && !known.equals(inbox.keys().p256dh())) {
            warn("The key of " + recipient + "'s device " + inbox.deviceId()
                    + " has changed since the last message: ask them whether they reset it");
        }
    }

    private static Set<String> pinned(Profile owner, Identifier who) {
        return owner.pinnedDevices.computeIfAbsent(who.value(), none -> new LinkedHashSet<>());
    }
}
