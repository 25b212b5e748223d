package org.domicile.backup.webdav;

import java.util.List;
import java.util.Optional;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * A path, and what is there.
 *
 * @param along the resources along it, from below the root on, as far as there are any
 */
record Place(DavPath path, List<Resource> along) {
    Optional<Resource> resource() {
        if (path.isRoot()) {
            return Optional.of(Resource.root());
        }
        return along.size() == path.names().size() ? Optional.of(along.getLast()) : Optional.empty();
    }

    /** @throws ProblemException NOT_FOUND (404) */
    Resource require() {
        return resource().orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such resource."));
    }

    /** The collection that the resource is in, or would be. @throws ProblemException CONFLICT (409) if there is none */
    Resource requireParent() {
        if (path.names().size() == 1) {
            return Resource.root();
        }
        if (along.size() < path.names().size() - 1
                || !along.get(path.names().size() - 2).isCollection()) {
            throw new ProblemException(ErrorCode.CONFLICT, "Make the collection around it first (MKCOL).");
        }
        return along.get(path.names().size() - 2);
    }
}
