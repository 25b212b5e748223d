package org.domicile.platform.testing;

import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.kms.LocalKms;

/** The key set as a file, which a test may exchange as an operator does by restarting the service with another, or take away. */
public abstract class OperatedKms implements Kms {
    private final Path configured;
    private volatile Kms kms;

    protected OperatedKms(Path configured) {
        this.configured = configured;
        back();
    }

    public final void use(Path keys) {
        kms = new LocalKms(keys, new SecureRandom());
    }

    /** From now on nothing answers, as when the store is down; {@link #back} ends it. */
    public void away() {
        kms = new AwayKms();
    }

    /** The key set that the service was started with. */
    public final void back() {
        use(configured);
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
