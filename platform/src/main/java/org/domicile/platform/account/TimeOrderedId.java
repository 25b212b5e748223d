package org.domicile.platform.account;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.UUID;

/** UUIDv7 (RFC 9562): later ones are greater, within one process. */
public final class TimeOrderedId {
    private TimeOrderedId() {}

    public static UUID next() {
        return Generator.IDS.generate();
    }

    /** Holds a source of randomness: in a native executable it is made when that starts, see {@code native-image.properties}. */
    private static final class Generator {
        private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();
    }
}
