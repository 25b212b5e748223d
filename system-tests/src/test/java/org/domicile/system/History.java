package org.domicile.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.domicile.client.restic.Backend;
import org.domicile.client.restic.FileType;
import org.domicile.client.sdk.Account;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Messenger;
import org.domicile.client.sdk.WebPushCipher;
import org.domicile.local.demo.Person;

/**
 * Writes to one account in three services, each write with an id of its own, and what became of it: acknowledged, or unknown.
 * {@link #check} reads everything back and names each write that is lost, there twice, or was never made.
 */
final class History implements AutoCloseable {
    /** Longer than any clock is wrong: a message ends by the clock of its home. */
    private static final Duration MESSAGE_TTL = Duration.ofDays(2);

    private static final Duration PACE = Duration.ofMillis(60);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final String REPOSITORY = "history";
    private static final String DEVICE = "device ";

    private final Person owner;
    private final Messenger friend;
    private final Messenger.Inbox inbox;
    private final InboxKeys keys;
    private final Backend backend;
    private final Writes messages = new Writes("message");
    private final Writes blobs = new Writes("blob");
    private final Writes devices = new Writes("device");
    private final List<String> backwards = new CopyOnWriteArrayList<>();
    private final List<Thread> writers;
    private volatile boolean stopped;

    /** @param owner has consented to backup and messaging and has a device, which is connected here once */
    History(Person owner, Messenger friend, InboxKeys keys) throws IOException, InterruptedException {
        this.owner = owner;
        this.friend = friend;
        this.keys = keys;
        owner.create(REPOSITORY).close();
        this.backend = owner.backend(REPOSITORY);
        try (var socket = owner.connect()) {
            this.inbox =
                    new Messenger.Inbox(owner.device().id(), socket.register(UUID.randomUUID()), keys.forSenders());
        }
        this.writers = List.of(
                Thread.ofVirtual().unstarted(() -> write(this::sendMessage)),
                Thread.ofVirtual().unstarted(() -> write(this::storeBlob)),
                Thread.ofVirtual().unstarted(() -> write(this::addDevice)));
    }

    void start() {
        writers.forEach(Thread::start);
    }

    /** Acknowledged so far. */
    long acknowledged() {
        return messages.acknowledged() + blobs.acknowledged() + devices.acknowledged();
    }

    private interface Write {
        void number(int number) throws IOException;
    }

    private void write(Write write) {
        try {
            for (var i = 0; !stopped; i++) {
                try {
                    write.number(i);
                } catch (IOException e) {
                    // not acknowledged: the write's outcome stays unknown
                    Thread.sleep(PACE);
                }
                Thread.sleep(PACE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendMessage(int number) throws IOException {
        var text = "message " + number;
        messages.begun(text);
        friend.send(inbox, text.getBytes(StandardCharsets.UTF_8), MESSAGE_TTL);
        messages.acknowledged(text);
    }

    /** Stores a blob; every fourth is deleted again once it is acknowledged. */
    private void storeBlob(int number) throws IOException {
        var content = content(number);
        var name = sha256(content);
        blobs.begun(name);
        backend.save(FileType.LOCK, name, List.of(content));
        blobs.acknowledged(name);
        if (number % 4 == 3) {
            blobs.deleting(name);
            backend.remove(FileType.LOCK, name);
            blobs.deleted(name);
            var known = blobs.known();
            backwards.addAll(blobs.backwards(known, names(backend.list(FileType.LOCK))));
        }
    }

    private void addDevice(int number) throws IOException {
        if (number % 10 != 0) {
            var known = devices.known();
            backwards.addAll(devices.backwards(known, devices()));
            return;
        }
        var name = DEVICE + number;
        devices.begun(name);
        new Account(owner.session()).addDevice(name, "of the history");
        devices.acknowledged(name);
    }

    private byte[] content(int number) {
        return (owner.account() + " " + number + " " + "x".repeat(2_000)).getBytes(StandardCharsets.UTF_8);
    }

    /** Lets the writes under way end, then no more. */
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (var writer : writers) {
            writer.join();
        }
    }

    /** Reads everything back, once the writes have ended; names the reads meanwhile that went back, too. @return every breach in one sentence; empty: nothing was lost */
    List<String> check() throws IOException, InterruptedException {
        var breaches = new ArrayList<>(backwards);
        checkMessages(breaches);
        checkBlobs(breaches);
        checkDevices(breaches);
        return breaches;
    }

    private void checkMessages(List<String> breaches) throws IOException, InterruptedException {
        var came = new TreeMap<String, Set<String>>();
        try (var socket = owner.connect()) {
            for (var next = socket.next(SILENCE); next != null; next = socket.next(SILENCE)) {
                var text = new String(WebPushCipher.decrypt(next.body(), keys), StandardCharsets.UTF_8);
                came.computeIfAbsent(text, first -> new HashSet<>()).add(next.version());
                socket.acknowledge(next);
                if (messages.within(came.keySet())) {
                    break;
                }
            }
        }
        // what comes again with the same version, a device does not show
        breaches.addAll(messages.breaches(came.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(version -> each.getKey()))
                .toList()));
    }

    private void checkBlobs(List<String> breaches) throws IOException {
        var there = new ArrayList<String>();
        for (var entry : backend.list(FileType.LOCK)) {
            there.add(entry.name());
            if (!sha256(backend.load(FileType.LOCK, entry.name())).equals(entry.name())) {
                breaches.add("blob " + entry.name() + " has another content");
            }
        }
        breaches.addAll(blobs.breaches(there));
    }

    private void checkDevices(List<String> breaches) throws IOException {
        breaches.addAll(devices.breaches(devices()));
    }

    private List<String> devices() throws IOException {
        var there = new ArrayList<String>();
        for (var device : new Account(owner.session()).devices().path("devices")) {
            there.add(device.path("name").asText());
        }
        there.removeIf(name -> !name.startsWith(DEVICE));
        return there;
    }

    private static List<String> names(List<Backend.Entry> entries) {
        return entries.stream().map(Backend.Entry::name).toList();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
