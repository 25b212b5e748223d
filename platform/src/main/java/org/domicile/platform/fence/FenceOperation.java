package org.domicile.platform.fence;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** What a migration-service may order a participant to do; {@code op} in AccountMove.tla. */
@RegisterForReflection
public enum FenceOperation {
    /** Become an empty shadow and copy from the home. */
    SHADOW(FenceMode.SHADOW),
    /** Stop writes, let those in flight drain, seal the digests. */
    FREEZE(FenceMode.FROZEN),
    /** Take the last changes, drop what the sealed manifest lacks, adopt its counter, report digests. */
    CLOSE(FenceMode.CLOSED),
    /** Be the home: writes are open. */
    ACTIVATE(FenceMode.OWN),
    /**
     * The account has left: keep its data as a shadow until the soak ends. With the manifest that was sealed: also compare it with what
     * the new home has, and report that.
     */
    KEEP(FenceMode.SHADOW),
    /** As KEEP, and copy what changes at the new home from now on: the way back stays short. */
    FEED(FenceMode.SHADOW),
    /** Delete everything, then look whether anything is left. */
    PURGE(FenceMode.NONE);

    private final FenceMode result;

    FenceOperation(FenceMode result) {
        this.result = result;
    }

    /** The mode that a participant reports once it has executed the operation. */
    public FenceMode result() {
        return result;
    }

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static FenceOperation parse(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }
}
