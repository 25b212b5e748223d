package org.domicile.backup.webdav;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.util.List;
import mutiny.zero.flow.adapters.AdaptersToFlow;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.platform.account.AccountId;

/** Reads a content, or a range of it, in clear: only the segments that hold the range are fetched and decrypted. */
@ApplicationScoped
public class ContentReader {
    private final ObjectStore objects;

    @Inject
    public ContentReader(ObjectStore objects) {
        this.objects = objects;
    }

    /**
     * @param count bytes, at least 1
     * @return the plaintext as it is asked for, once the store has opened its first part; fails with UNAVAILABLE (503)
     */
    Uni<Multi<ByteBuffer>> read(AccountId account, DavCipher cipher, Content content, long offset, long count) {
        var slices = PartLayout.slices(content.size(), offset, count);
        return open(account, cipher, content, slices.getFirst()).map(first -> Multi.createBy()
                .concatenating()
                .streams(first, rest(account, cipher, content, slices.subList(1, slices.size()))));
    }

    private Multi<ByteBuffer> rest(
            AccountId account, DavCipher cipher, Content content, List<PartLayout.Slice> slices) {
        return Multi.createFrom().iterable(slices).onItem().transformToMultiAndConcatenate(slice -> Multi.createFrom()
                .uni(open(account, cipher, content, slice))
                .onItem()
                .transformToMultiAndConcatenate(plain -> plain));
    }

    private Uni<Multi<ByteBuffer>> open(AccountId account, DavCipher cipher, Content content, PartLayout.Slice slice) {
        var key = PartLayout.key(account, content.generation(), slice.part());
        var decrypter = cipher.decrypter(content.generation(), slice);
        if (slice.firstSegment() == 0) {
            return bytes(key, 0, slice.end()).map(bytes -> plain(decrypter, bytes));
        }
        var start = PartLayout.Slice.start(slice.firstSegment());
        return bytes(key, 0, PartLayout.HEADER)
                .flatMap(header -> header.collect().asList())
                .invoke(header -> header.forEach(decrypter::accept))
                .chain(() -> bytes(key, start, slice.end() - start))
                .map(bytes -> plain(decrypter, bytes));
    }

    private Uni<Multi<ByteBuffer>> bytes(String key, long offset, long count) {
        return objects.get(key, offset, count)
                .map(object -> Multi.createFrom().publisher(AdaptersToFlow.publisher(object)));
    }

    private static Multi<ByteBuffer> plain(PartDecrypter decrypter, Multi<ByteBuffer> bytes) {
        return bytes.onItem()
                .transformToMultiAndConcatenate(buffer -> Multi.createFrom().iterable(decrypter.accept(buffer)));
    }
}
