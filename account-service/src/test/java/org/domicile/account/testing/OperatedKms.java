package org.domicile.account.testing;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.kms.LocalKms;
import org.domicile.platform.testing.TestKeys;

/** The key set as a file, which a test may exchange as an operator does by restarting the service with another. */
@Alternative
@Priority(1)
@Singleton
public class OperatedKms implements Kms {
    private volatile Kms kms = new LocalKms(TestKeys.file(), new SecureRandom());

    public void use(Path keys) {
        kms = new LocalKms(keys, new SecureRandom());
    }

    /** From now on nothing answers, as when the store is down; {@link #use} ends it. */
    public void away() {
        kms = new AwayKms();
    }

    @Override
    public Uni<DekPair> generateDekPair() {
        return kms.generateDekPair();
    }

    @Override
    public Uni<byte[]> decryptEdek(byte[] edek) {
        return kms.decryptEdek(edek);
    }

    @Override
    public Uni<String> currentKey() {
        return kms.currentKey();
    }

    @Override
    public Uni<byte[]> rewrap(byte[] edek) {
        return kms.rewrap(edek);
    }

    @Override
    public List<String> indexKeys() {
        return kms.indexKeys();
    }

    @Override
    public Uni<byte[]> indexMac(String indexKey, byte[] input) {
        return kms.indexMac(indexKey, input);
    }
}
