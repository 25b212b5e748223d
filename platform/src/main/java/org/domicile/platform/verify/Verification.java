package org.domicile.platform.verify;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * What came out when both sides of a move were enumerated and compared, record by record.
 *
 * @param upTo the home's version up to which the copy must have everything; what was written later is re-checked with the next pass
 *     and under the fence
 * @param classes class of data → what was found
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@RegisterForReflection
public record Verification(Instant at, long upTo, SortedMap<String, Compared> classes) {
    /**
     * @param records the same at both sides
     * @param newer written at the home after {@code upTo}
     * @param gone deleted at the home since they were copied
     * @param differing not as they must be
     * @param sample the first of those
     */
    @RegisterForReflection
    public record Compared(long records, long newer, long gone, long differing, List<Differing> sample) {}

    /** A record that is not as it must be, by its key; never by its content. */
    @RegisterForReflection
    public record Differing(String key, What what) {}

    /** How. */
    @RegisterForReflection
    public enum What {
        ONLY_AT_THE_HOME,
        ONLY_IN_THE_COPY,
        /** Another content or version. */
        OTHERWISE
    }

    /** How many records differ. */
    public long count() {
        return classes.values().stream().mapToLong(Compared::differing).sum();
    }
}
