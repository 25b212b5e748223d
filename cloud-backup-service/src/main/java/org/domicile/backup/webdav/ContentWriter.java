package org.domicile.backup.webdav;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.function.Function;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.platform.account.AccountId;

/** Stores a body as the encrypted parts of a content, one after the other. */
@ApplicationScoped
public class ContentWriter {
    private final ObjectStore objects;

    @Inject
    public ContentWriter(ObjectStore objects) {
        this.objects = objects;
    }

    /**
     * @param before what must succeed before a part is stored
     * @return when all parts are stored; fails as the body does, or with UNAVAILABLE (503); then objects may exist
     */
    Uni<Void> write(
            AccountId account, UUID generation, EncryptedBody body, Function<EncryptedBody.Part, Uni<Void>> before) {
        return Multi.createBy()
                .repeating()
                .uni(() -> body.next()
                        .flatMap(next -> next.isEmpty()
                                ? Uni.createFrom().item(false)
                                : before.apply(next.get())
                                        .chain(() -> put(account, generation, next.get()))
                                        .replaceWith(true)))
                .whilst(stored -> stored)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> put(AccountId account, UUID generation, EncryptedBody.Part part) {
        return objects.put(PartLayout.key(account, generation, part.number()), part.ciphertext(), part.sha256());
    }

    /** Deletes the parts of a content; some that do not exist are no failure. */
    Uni<Void> delete(AccountId account, UUID generation, int parts) {
        return objects.delete(PartLayout.keys(account, generation, parts));
    }
}
