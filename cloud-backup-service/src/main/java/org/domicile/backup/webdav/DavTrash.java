package org.domicile.backup.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.domicile.backup.key.DataKeys;
import org.domicile.backup.trash.TrashWindow;
import org.domicile.backup.usage.Quota;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** What WebDAV clients deleted or replaced, for its owner to look at and to bring back. */
@ApplicationScoped
public class DavTrash {
    private static final int MOST = 1000;
    /** Bytes from which a name has no room for an id behind it. */
    private static final int LONG_NAME = 200;

    private final Pool pool;
    private final Fence fence;
    private final DataKeys keys;
    private final DavTrashStore trash;
    private final ResourceStore resources;
    private final Quota quota;
    private final TrashWindow window;

    @Inject
    public DavTrash(
            Pool pool,
            Fence fence,
            DataKeys keys,
            DavTrashStore trash,
            ResourceStore resources,
            Quota quota,
            TrashWindow window) {
        this.pool = pool;
        this.fence = fence;
        this.keys = keys;
        this.trash = trash;
        this.resources = resources;
        this.quota = quota;
        this.window = window;
    }

    /** The latest first, at most {@value #MOST}. */
    public Uni<List<DavTrashed>> list(AccountId account) {
        return keys.find(account)
                .flatMap(key -> key.isEmpty()
                        ? Uni.createFrom().item(List.of())
                        : window.of(account)
                                .flatMap(kept -> trash.list(account, new DavCipher(key.get()), kept, MOST)));
    }

    /**
     * Puts it back, directly below {@code /dav/}: under its name or, where that is taken, with its id behind it.
     *
     * @return its path; fails with NOT_FOUND (404) or QUOTA_EXCEEDED (507)
     */
    public Uni<String> restore(AccountId account, UUID id) {
        return fence.write(account, Feature.BACKUP, write -> keys.open(account)
                .map(DavCipher::new)
                .flatMap(cipher -> resources
                        .trashed(write.connection(), account, cipher, id)
                        .map(found -> found.orElseThrow(() -> new ProblemException(
                                ErrorCode.NOT_FOUND, "There is nothing of this id in the trash any more.")))
                        .flatMap(top -> restore(write, cipher, top))));
    }

    private Uni<String> restore(FencedWrite write, DavCipher cipher, Resource top) {
        var name = top.details().name();
        return resources
                .along(write.connection(), write.account(), cipher, new DavPath(List.of(name)))
                .map(there -> there.isEmpty() ? name : otherName(name, top.id()))
                .call(free -> trash.restore(write, top.id())
                        .chain(bytes -> quota.reserve(write, bytes))
                        .chain(() -> resources.update(
                                write,
                                cipher,
                                new Resource(
                                        top.id(),
                                        Resource.ROOT,
                                        top.details().named(free),
                                        top.content(),
                                        top.createdAt(),
                                        top.modifiedAt()))))
                .map(free -> new DavPath(List.of(free)).href(top.isCollection()));
    }

    private static String otherName(String name, UUID id) {
        return name.getBytes(UTF_8).length > LONG_NAME ? id.toString() : name + "." + id;
    }
}
