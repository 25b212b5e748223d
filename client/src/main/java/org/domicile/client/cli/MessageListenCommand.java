package org.domicile.client.cli;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import org.domicile.client.http.ProblemException;
import org.domicile.client.sdk.Account;
import org.domicile.client.sdk.DeviceMessage;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Messenger;
import org.domicile.client.sdk.PushSocket;
import org.domicile.client.sdk.WebPushCipher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "listen",
        description = "Take messages and show them, until Ctrl-C or the given count or time.",
        footer = "%nExample: ./domicile message listen --count 1 --timeout 60")
final class MessageListenCommand extends ClientCommand {
    private static final Duration SLICE = Duration.ofSeconds(1);
    /** As many messages as a backlog may hold. */
    private static final int REMEMBERED = 1_000;

    private static final int RECONNECTS = 10;

    @Option(names = "--count", description = "end after so many messages")
    Integer count;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "end after so long; exit code 1 if --count was not reached")
    Long timeout;

    private int received;
    private boolean welcomed;

    @Override
    int run() throws IOException {
        Workplace workplace = workplace();
        Instant end = timeout == null ? Instant.MAX : Instant.now().plusSeconds(timeout);
        for (int broken = 0; !isDone(end); broken++) {
            try (PushSocket socket = connect(workplace)) {
                broken = 0;
                listen(workplace, socket, end);
            } catch (IOException e) {
                if (!welcomed || broken >= RECONNECTS) {
                    throw e;
                }
                pause(Duration.ofMillis(500L << Math.min(broken, 5)));
            }
        }
        workplace.save();
        return count == null || received >= count ? OK : FAILED;
    }

    private PushSocket connect(Workplace workplace) throws IOException {
        Account.Device device = workplace.device();
        InboxKeys keys = workplace.inboxKeys();
        PushSocket socket = PushSocket.connect(
                workplace.client().http(), workplace.client().regions().push(), device);
        try {
            URI endpoint = socket.register(workplace.inboxChannel());
            Messenger messenger = new Messenger(workplace.client().http(), workplace.session(), workplace.random());
            publish(messenger, new Messenger.Inbox(device.id(), endpoint, keys.forSenders()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Without discoverability messages still come, from those who know the endpoint. */
    private void publish(Messenger messenger, Messenger.Inbox inbox) throws IOException {
        String state = "Listening.";
        try {
            messenger.publish(inbox);
        } catch (ProblemException e) {
            if (!e.code().equals("consent-required")) {
                throw e;
            }
            state = "Listening. Nobody can find you: 'consent on discoverability' changes that.";
        }
        if (!welcomed) {
            welcomed = true;
            say(state);
        }
    }

    private void listen(Workplace workplace, PushSocket socket, Instant end) throws IOException {
        while (!isDone(end)) {
            PushSocket.Notification notification = socket.next(SLICE);
            if (notification != null) {
                take(socket, notification, workplace);
            }
        }
    }

    private void take(PushSocket socket, PushSocket.Notification notification, Workplace workplace) throws IOException {
        DeviceMessage.Signed signed;
        try {
            byte[] content = WebPushCipher.decrypt(notification.body(), workplace.inboxKeys());
            signed = DeviceMessage.verify(content, workplace.device().id());
        } catch (IOException e) {
            warn("A message came that cannot be shown: " + e.getMessage());
            socket.refuse(notification);
            return;
        }
        if (show(signed, workplace)) {
            received++;
        }
        socket.acknowledge(notification);
    }

    /** What was shown is kept before it is acknowledged. @return whether it was shown now, and not before */
    private boolean show(DeviceMessage.Signed signed, Workplace workplace) throws IOException {
        Profile owner = workplace.profile();
        DeviceMessage message = signed.message();
        if (!owner.shownMessages.add(message.device() + " " + message.id())) {
            return false;
        }
        String known = owner.pinnedSenders.putIfAbsent(message.device(), signed.key());
        boolean changed = known != null && !known.equals(signed.key());
        if (changed) {
            warn("The next message is signed with another key than the earlier ones of this device: ask "
                    + message.from() + " whether they wrote it");
        }
        forgetOldest(owner);
        workplace.save();
        if (json) {
            print(MAPPER.createObjectNode()
                    .put("id", message.id())
                    .put("from", message.from())
                    .put("device", message.device())
                    .put("sent", message.sent().toString())
                    .put("text", message.text())
                    .put("sender", known == null ? "new" : changed ? "changed" : "known"));
        }
        say(message.from() + ": " + message.text());
        return true;
    }

    private static void forgetOldest(Profile owner) {
        Iterator<String> oldest = owner.shownMessages.iterator();
        while (owner.shownMessages.size() > REMEMBERED) {
            oldest.next();
            oldest.remove();
        }
    }

    private boolean isDone(Instant end) {
        return count != null && received >= count || !Instant.now().isBefore(end);
    }

    private static void pause(Duration duration) throws IOException {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("Listening was interrupted");
        }
    }
}
