package org.domicile.platform.key;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/** Which data keys the rows of a service's own database need. One bean per service that has a key store. */
public interface KeyUse {
    /** @return those of the accounts that have a row which is, or will be, encrypted under their key */
    Uni<Set<UUID>> inUse(Collection<UUID> accounts);
}
