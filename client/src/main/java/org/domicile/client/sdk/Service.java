package org.domicile.client.sdk;

import java.util.Locale;

/** The four services of a region. */
public enum Service {
    ACCOUNT,
    BACKUP,
    MESSAGING,
    MIGRATION;

    /** As region lists and addresses spell it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
