package org.domicile.client.restic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import org.bouncycastle.crypto.generators.SCrypt;

/** A file in {@code keys/}: the master key, sealed under a key that scrypt derives from a password. Plain JSON. */
final class KeyFile {
    private static final int N = 32_768;
    private static final int R = 8;
    private static final int P = 1;
    /** Refuses parameters that would take more than 1 GiB of memory: a hostile server chooses them. */
    private static final long MAX_MEMORY = 1L << 30;

    private KeyFile() {}

    static byte[] create(
            MasterKey master, RepositoryPassword password, SecureRandom random, Clock clock, Origin origin) {
        byte[] salt = new byte[64];
        random.nextBytes(salt);
        MasterKey user = derive(password, salt, N, R, P, random);
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("created", clock.instant().toString());
        json.put("username", origin.username());
        json.put("hostname", origin.hostname());
        json.put("kdf", "scrypt").put("N", N).put("r", R).put("p", P);
        json.put("salt", salt);
        json.put("data", user.seal(Json.bytes(master.toJson())));
        return Json.bytes(json);
    }

    /** @throws RepositoryException when the password does not open this file */
    static MasterKey open(byte[] file, RepositoryPassword password, SecureRandom random) throws IOException {
        JsonNode json = Json.parse(file);
        if (!"scrypt".equals(json.path("kdf").asText())) {
            throw new RepositoryException("The key file uses an unknown key derivation: " + json.path("kdf"));
        }
        int n = json.path("N").asInt();
        int r = json.path("r").asInt();
        int p = json.path("p").asInt();
        if (n < 2 || Integer.bitCount(n) != 1 || r < 1 || p < 1 || p > 64 || 128L * n * r > MAX_MEMORY) {
            throw new RepositoryException("The key file asks for scrypt parameters out of range");
        }
        MasterKey user = derive(password, json.path("salt").binaryValue(), n, r, p, random);
        return MasterKey.fromJson(Json.parse(user.open(json.path("data").binaryValue())), random);
    }

    private static MasterKey derive(
            RepositoryPassword password, byte[] salt, int n, int r, int p, SecureRandom random) {
        return MasterKey.fromBytes(SCrypt.generate(password.utf8(), salt, n, r, p, 64), random);
    }
}
