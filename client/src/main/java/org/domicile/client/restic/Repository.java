package org.domicile.client.restic;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An encrypted backup repository in restic's format, version 2 (version 1 is read). Everything in it can be opened by the stock
 * {@code restic} with the same password, and the other way round. Safe for threads.
 */
public final class Repository implements AutoCloseable {
    private static final byte DOCUMENT_VERSION = 2;

    private final Backend backend;
    private final MasterKey key;
    private final Config config;
    private final Clock clock;
    private final Index index = new Index();
    private final TreePacks treePacks;
    private final Zstandard zstandard = new Zstandard();

    private Repository(Backend backend, MasterKey key, Config config, Clock clock) {
        this.backend = backend;
        this.treePacks = new TreePacks(backend);
        this.key = key;
        this.config = config;
        this.clock = clock;
    }

    /** @throws RepositoryException when there is a repository already */
    public static Repository init(
            Backend backend, RepositoryPassword password, Origin origin, SecureRandom random, Clock clock)
            throws IOException {
        backend.create();
        if (backend.exists(FileType.CONFIG, "")) {
            throw new RepositoryException("There is a repository here already");
        }
        MasterKey key = MasterKey.generate(random);
        byte[] keyFile = KeyFile.create(key, password, random, clock, origin);
        backend.save(FileType.KEY, Id.hash(keyFile).toString(), List.of(keyFile));
        Config config = Config.random(random);
        backend.save(FileType.CONFIG, "", List.of(key.seal(config.encode())));
        return new Repository(backend, key, config, clock);
    }

    /**
     * @throws FileNotFoundException when there is no repository
     * @throws RepositoryException when the password opens no key of it
     */
    public static Repository open(Backend backend, RepositoryPassword password, SecureRandom random, Clock clock)
            throws IOException {
        byte[] sealedConfig = backend.load(FileType.CONFIG, "");
        for (Backend.Entry entry : backend.list(FileType.KEY)) {
            try {
                MasterKey key = KeyFile.open(backend.load(FileType.KEY, entry.name()), password, random);
                return new Repository(backend, key, Config.decode(key.open(sealedConfig)), clock);
            } catch (RepositoryException e) {
                // A repository may have keys for several passwords: this one is for another.
            }
        }
        throw new RepositoryException("The repository password is wrong: it opens no key of this repository");
    }

    /** A password that opens the repository, without what it is. @param username what the key is for, as its maker named it */
    public record Key(Id id, String hostname, String username, String created) {}

    public List<Key> keys() throws IOException {
        List<Key> keys = new ArrayList<>();
        for (Backend.Entry entry : backend.list(FileType.KEY)) {
            JsonNode json = Json.parse(backend.load(FileType.KEY, entry.name()));
            keys.add(new Key(
                    Id.parse(entry.name()),
                    json.path("hostname").asText(),
                    json.path("username").asText(),
                    json.path("created").asText()));
        }
        return keys;
    }

    /** Lets one more password open the repository; for stock restic too. */
    public Id addKey(RepositoryPassword password, Origin origin, SecureRandom random) throws IOException {
        byte[] keyFile = KeyFile.create(key, password, random, clock, origin);
        Id id = Id.hash(keyFile);
        backend.save(FileType.KEY, id.toString(), List.of(keyFile));
        return id;
    }

    /** The password of this key opens the repository no more. */
    public void removeKey(Id id) throws IOException {
        backend.remove(FileType.KEY, id.toString());
    }

    /** All snapshots, oldest first. */
    public List<Snapshot.Named> snapshots() throws IOException {
        List<Snapshot.Named> snapshots = new ArrayList<>();
        for (Backend.Entry entry : backend.list(FileType.SNAPSHOT)) {
            JsonNode json = loadDocument(FileType.SNAPSHOT, entry.name());
            snapshots.add(new Snapshot.Named(Id.parse(entry.name()), Json.MAPPER.treeToValue(json, Snapshot.class)));
        }
        snapshots.sort(Comparator.comparing(named -> named.snapshot().instant()));
        return snapshots;
    }

    /**
     * @param prefix the first digits of an id, or {@code latest}
     * @throws RepositoryException when none or more than one fits
     */
    public Snapshot.Named snapshot(String prefix) throws IOException {
        List<Snapshot.Named> all = snapshots();
        List<Snapshot.Named> fitting = prefix.equals("latest")
                ? all.subList(Math.max(0, all.size() - 1), all.size())
                : all.stream()
                        .filter(named -> named.id().toString().startsWith(prefix))
                        .toList();
        if (fitting.size() != 1) {
            throw new RepositoryException(
                    fitting.isEmpty()
                            ? "There is no snapshot " + prefix + ": 'snapshots' lists those there are"
                            : "More than one snapshot starts with " + prefix + ": give more digits");
        }
        return fitting.get(0);
    }

    /** Reads the whole index. Call it after the snapshots are known: what they need is then in it. */
    void loadIndex() throws IOException {
        for (Backend.Entry entry : backend.list(FileType.INDEX)) {
            IndexFile.decode(loadDocument(FileType.INDEX, entry.name())).forEach(index::add);
        }
    }

    /** Decrypts, unpacks and checks one blob against its id. */
    byte[] loadBlob(BlobType type, Id id) throws IOException {
        Index.Location location = index.find(type, id)
                .orElseThrow(() -> new RepositoryException("The repository lacks the blob " + id.brief()));
        PackedBlob blob = location.blob();
        if (type == BlobType.TREE) {
            Optional<byte[]> pack = treePacks.get(location.pack());
            if (pack.isPresent() && blob.offset() + blob.length() <= pack.get().length) {
                return open(blob, pack.get(), blob.offset());
            }
        }
        byte[] sealed = backend.load(FileType.PACK, location.pack().toString(), blob.offset(), blob.length());
        return open(blob, sealed, 0);
    }

    byte[] open(PackedBlob blob, byte[] sealed, int offset) throws RepositoryException {
        byte[] stored = key.open(sealed, offset, blob.length());
        byte[] plain = blob.compressed() ? Zstandard.decompress(stored, blob.uncompressedLength()) : stored;
        if (!Id.hash(plain).equals(blob.id())) {
            throw new RepositoryException("The blob " + blob.id().brief() + " has another content than its name says");
        }
        return plain;
    }

    /**
     * Returns if the failure is about the content that was to be read and no more.
     *
     * @throws IOException the failure, or another one, when nothing can be read now
     */
    void requireReachable(IOException failure) throws IOException {
        if (failure instanceof InterruptedIOException || !backend.exists(FileType.CONFIG, "")) {
            throw failure;
        }
    }

    Tree loadTree(Id id) throws IOException {
        return Tree.decode(loadBlob(BlobType.TREE, id));
    }

    /** Empty if it is missing or damaged. */
    Optional<Tree> findTree(Id id) throws IOException {
        try {
            return Optional.of(loadTree(id));
        } catch (IOException e) {
            requireReachable(e);
            return Optional.empty();
        }
    }

    /** The blobs of a pack by its own header. */
    Index.PackEntry readPackHeader(Backend.Entry pack) throws IOException {
        byte[] tail = backend.load(FileType.PACK, pack.name(), pack.size() - 4, 4);
        int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length < MasterKey.OVERHEAD || length > pack.size() - 4) {
            throw new RepositoryException("The pack " + pack.name() + " is damaged");
        }
        byte[] header = backend.load(FileType.PACK, pack.name(), pack.size() - 4 - length, length);
        return new Index.PackEntry(Id.parse(pack.name()), PackHeader.decode(key.open(header)));
    }

    JsonNode loadDocument(FileType type, String name) throws IOException {
        byte[] sealed = backend.load(type, name);
        if (!Id.hash(sealed).toString().equals(name)) {
            throw new RepositoryException("The file " + type.folder() + "/" + name + " is damaged");
        }
        byte[] plain = key.open(sealed);
        boolean compressed = plain.length > 0 && plain[0] == DOCUMENT_VERSION;
        return Json.parse(compressed ? Zstandard.decompressDocument(plain, 1) : plain);
    }

    Id saveDocument(FileType type, JsonNode json) throws IOException {
        byte[] plain = Json.bytes(json);
        if (config.version() > 1) {
            byte[] compressed = zstandard.compress(plain, 0, plain.length);
            plain = new byte[compressed.length + 1];
            plain[0] = DOCUMENT_VERSION;
            System.arraycopy(compressed, 0, plain, 1, compressed.length);
        }
        byte[] sealed = key.seal(plain);
        Id id = Id.hash(sealed);
        backend.save(type, id.toString(), List.of(sealed));
        return id;
    }

    Backend backend() {
        return backend;
    }

    MasterKey key() {
        return key;
    }

    Config config() {
        return config;
    }

    Index index() {
        return index;
    }

    Clock clock() {
        return clock;
    }

    Zstandard zstandard() {
        return zstandard;
    }

    /** Frees native memory; the repository itself needs no closing. */
    @Override
    public void close() {
        zstandard.close();
    }

    @Override
    public String toString() {
        return "Repository[" + backend + "]";
    }
}
