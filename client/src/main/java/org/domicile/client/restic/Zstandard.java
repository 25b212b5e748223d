package org.domicile.client.restic;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Compression of blobs and of unpacked files. Contexts are reused; {@link #close} frees their native memory. Safe for threads. */
final class Zstandard implements AutoCloseable {
    private static final int LEVEL = 3;
    /** No document of a repository comes near this many bytes; a larger one is an attack or damage. */
    private static final int MAX_DOCUMENT = 256 * 1024 * 1024;

    private final ConcurrentLinkedQueue<ZstdCompressCtx> contexts = new ConcurrentLinkedQueue<>();

    byte[] compress(byte[] plain, int offset, int length) {
        ZstdCompressCtx context = contexts.poll();
        if (context == null) {
            context = new ZstdCompressCtx().setLevel(LEVEL);
        }
        try {
            byte[] target = new byte[(int) Zstd.compressBound(length)];
            int size = context.compressByteArray(target, 0, target.length, plain, offset, length);
            return Arrays.copyOf(target, size);
        } finally {
            contexts.add(context);
        }
    }

    /**
     * Into {@code target}, from an offset to a limit.
     *
     * @return the compressed length, or -1 when it would not fit
     */
    int compress(byte[] plain, byte[] target, int offset, int limit) {
        ZstdCompressCtx context = contexts.poll();
        if (context == null) {
            context = new ZstdCompressCtx().setLevel(LEVEL);
        }
        try {
            return context.compressByteArray(target, offset, limit - offset, plain, 0, plain.length);
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return -1;
            }
            throw e;
        } finally {
            contexts.add(context);
        }
    }

    /** @param length bytes that must come out */
    static byte[] decompress(byte[] compressed, int length) throws RepositoryException {
        try {
            byte[] plain = new byte[length];
            if (Zstd.decompress(plain, compressed) == length) {
                return plain;
            }
        } catch (ZstdException e) {
            throw new RepositoryException("A compressed blob is damaged", e);
        }
        throw new RepositoryException("A compressed blob has another length than its pack says");
    }

    static byte[] decompressDocument(byte[] content, int offset) throws RepositoryException {
        try (ZstdInputStream stream =
                new ZstdInputStream(new ByteArrayInputStream(content, offset, content.length - offset))) {
            byte[] plain = stream.readNBytes(MAX_DOCUMENT);
            if (plain.length == MAX_DOCUMENT) {
                throw new RepositoryException("A document in the repository is impossibly large");
            }
            return plain;
        } catch (RepositoryException e) {
            throw e;
        } catch (IOException e) {
            throw new RepositoryException("A compressed document in the repository is damaged", e);
        }
    }

    @Override
    public void close() {
        for (ZstdCompressCtx context = contexts.poll(); context != null; context = contexts.poll()) {
            context.close();
        }
    }
}
