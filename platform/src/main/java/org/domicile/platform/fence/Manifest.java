package org.domicile.platform.fence;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.SortedMap;

/**
 * What a participant held when it was sealed.
 *
 * @param counter the account's version counter in this service's database
 * @param classes class of data → digest
 * @param projections projected topic ({@code consent}, {@code device}) → the ledger version it stands at; at the source's
 *     account-service what was published, at the others what was applied
 */
@RegisterForReflection
public record Manifest(long counter, SortedMap<String, ClassDigest> classes, SortedMap<String, Long> projections) {
    /** Whether every class of data has the same records with the same content. */
    public boolean sameContentAs(Manifest other) {
        return classes.equals(other.classes);
    }
}
