package org.domicile.platform.retention;

import org.domicile.platform.erasure.ErasureConfig;
import org.domicile.platform.retention.RetentionClass.Term;

/** The classes of data that services store in the same way. */
public final class ParticipantClasses {
    private ParticipantClasses() {}

    /** What a participant remembers of accounts that are no more; each forgets it with its other looks at the list. */
    public static RetentionClass erasureList(ErasureConfig config) {
        return RetentionClass.ending(
                        "erasure-list",
                        "Hashes of the ids of erased accounts",
                        "erased where settled",
                        Term.measuredAfter("at", config.remembered(), "ErasureExecutor"))
                .withItem("encode(account_hash, 'hex')");
    }

    public static RetentionClass deviceUses() {
        return RetentionClass.ofTheAccount(
                "device-uses", "The day on which a device of the account was last let in", "device_use");
    }
}
