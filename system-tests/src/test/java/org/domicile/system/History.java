package org.domicile.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
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

    /** Of a write: before its answer, and after. */
    private enum Outcome {
        UNKNOWN,
        ACKNOWLEDGED
    }

    private final Person owner;
    private final Messenger friend;
    private final Messenger.Inbox inbox;
    private final InboxKeys keys;
    private final Backend backend;
    private final Map<String, Outcome> messages = new ConcurrentSkipListMap<>();
    private final Map<String, Outcome> blobs = new ConcurrentSkipListMap<>();
    private final Map<String, Outcome> deletions = new ConcurrentSkipListMap<>();
    private final Map<String, Outcome> devices = new ConcurrentSkipListMap<>();
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
        return acknowledged(messages).size()
                + acknowledged(blobs).size()
                + acknowledged(devices).size();
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
        messages.put(text, Outcome.UNKNOWN);
        friend.send(inbox, text.getBytes(StandardCharsets.UTF_8), MESSAGE_TTL);
        messages.put(text, Outcome.ACKNOWLEDGED);
    }

    /** Stores a blob; every fourth is deleted again once it is acknowledged. */
    private void storeBlob(int number) throws IOException {
        var content = content(number);
        var name = sha256(content);
        blobs.put(name, Outcome.UNKNOWN);
        backend.save(FileType.LOCK, name, List.of(content));
        blobs.put(name, Outcome.ACKNOWLEDGED);
        if (number % 4 == 3) {
            deletions.put(name, Outcome.UNKNOWN);
            backend.remove(FileType.LOCK, name);
            deletions.put(name, Outcome.ACKNOWLEDGED);
        }
    }

    private void addDevice(int number) throws IOException {
        if (number % 10 != 0) {
            return;
        }
        var name = "device " + number;
        devices.put(name, Outcome.UNKNOWN);
        new Account(owner.session()).addDevice(name, "of the history");
        devices.put(name, Outcome.ACKNOWLEDGED);
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

    /** Reads everything back, once the writes have ended. @return every breach in one sentence; empty: nothing was lost */
    List<String> check() throws IOException, InterruptedException {
        var breaches = new ArrayList<String>();
        checkMessages(breaches);
        checkBlobs(breaches);
        checkDevices(breaches);
        return breaches;
    }

    private void checkMessages(List<String> breaches) throws IOException, InterruptedException {
        var versions = new TreeMap<String, String>();
        try (var socket = owner.connect()) {
            for (var next = socket.next(SILENCE); next != null; next = socket.next(SILENCE)) {
                var text = new String(WebPushCipher.decrypt(next.body(), keys), StandardCharsets.UTF_8);
                var before = versions.put(text, next.version());
                if (before != null && !before.equals(next.version())) {
                    breaches.add(text + " came twice, with two versions");
                }
                if (!messages.containsKey(text)) {
                    breaches.add(text + " was never sent");
                }
                socket.acknowledge(next);
                if (versions.keySet().containsAll(messages.keySet())) {
                    break;
                }
            }
        }
        lost("message", messages, versions.keySet(), breaches);
    }

    private void checkBlobs(List<String> breaches) throws IOException {
        Set<String> there = ConcurrentHashMap.newKeySet();
        for (var entry : backend.list(FileType.LOCK)) {
            if (!there.add(entry.name())) {
                breaches.add("blob " + entry.name() + " is listed twice");
            }
            if (!blobs.containsKey(entry.name())) {
                breaches.add("blob " + entry.name() + " was never stored");
            }
            if (!sha256(backend.load(FileType.LOCK, entry.name())).equals(entry.name())) {
                breaches.add("blob " + entry.name() + " has another content");
            }
        }
        var kept = new TreeMap<>(blobs);
        kept.keySet().removeAll(deletions.keySet());
        lost("blob", kept, there, breaches);
        acknowledged(deletions).stream()
                .filter(there::contains)
                .forEach(name -> breaches.add("the deleted blob " + name + " is there again"));
    }

    private void checkDevices(List<String> breaches) throws IOException {
        var there = new ArrayList<String>();
        for (var device : new Account(owner.session()).devices().path("devices")) {
            there.add(device.path("name").asText());
        }
        if (there.size() != Set.copyOf(there).size()) {
            breaches.add("a device is there twice: " + there);
        }
        lost("device", devices, there, breaches);
    }

    private static void lost(
            String what, Map<String, Outcome> writes, java.util.Collection<String> there, List<String> breaches) {
        acknowledged(writes).stream()
                .filter(name -> !there.contains(name))
                .forEach(name -> breaches.add("the acknowledged " + what + " \"" + name + "\" is lost"));
    }

    private static List<String> acknowledged(Map<String, Outcome> writes) {
        return writes.entrySet().stream()
                .filter(e -> e.getValue() == Outcome.ACKNOWLEDGED)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
